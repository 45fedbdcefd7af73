// A stand-in for the portal of IAM Identity Center (SSO), which gives the credentials of a role for
// a token. Source: AWS SSO Portal API reference, GetRoleCredentials.
import { asDate, jsonAnswer, rotation, startStandIn } from './stand_in.mjs';

const portalError = (status, name, message) =>
  jsonAnswer(
    status,
    { message, __type: `com.amazonaws.switchboard.portal#${name}` },
    { 'x-amzn-ErrorType': name },
  );

export const portalErrors = {
  unauthorized: () => portalError(401, 'UnauthorizedException', 'Session token not found or invalid'),
  forbidden: () => portalError(403, 'ForbiddenException', 'No access'),
  invalidRequest: (message) => portalError(400, 'InvalidRequestException', message),
  tooManyRequests: () => portalError(429, 'TooManyRequestsException', 'HTTP 429 Unknown Code'),
};

// Options:
//   tokens       the access tokens that are good now (an array that the test may change)
//   accountId, roleName
//   credentials  {accessKeyId, secretAccessKey, sessionToken}, or a list (see rotation)
//   expires      a time (see asDate); default in one hour
//   host, faults: see stand_in.mjs
export function startSsoPortal({
  tokens, accountId, roleName, credentials, expires = 3600, ...options
}) {
  const next = rotation(credentials);
  return startStandIn(options, ({ method, path, query, headers }, problem) => {
    if (method !== 'GET' || path !== '/federation/credentials') {
      problem(`SSO portal: ${method} ${path}, not GET /federation/credentials`);
      return portalError(404, 'UnknownOperationException', 'Not Found');
    }
    if (headers.authorization) problem('SSO portal: the request must not be signed');
    for (const name of query.keys()) {
      if (!['role_name', 'account_id'].includes(name)) problem(`SSO portal: no parameter ${name}`);
    }
    for (const name of ['role_name', 'account_id']) {
      if (query.get(name)) continue;
      problem(`SSO portal: no ${name}`);
      return portalErrors.invalidRequest(`${name} is required`);
    }
    const token = headers['x-amz-sso_bearer_token'];
    if (!token || !tokens.includes(token)) {
      problem(`SSO portal: ${token ? 'another' : 'no'} x-amz-sso_bearer_token`);
      return portalErrors.unauthorized();
    }
    if (query.get('role_name') !== roleName || query.get('account_id') !== accountId) {
      problem(`SSO portal: role ${query.get('role_name')} of account ${query.get('account_id')}`);
      return portalErrors.forbidden();
    }
    return jsonAnswer(200, { roleCredentials: { ...next(), expiration: asDate(expires).getTime() } });
  });
}

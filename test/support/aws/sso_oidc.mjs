// A stand-in for the OIDC service of IAM Identity Center, which renews an SSO token. Source: AWS SSO
// OIDC API reference, CreateToken.
import { jsonAnswer, startStandIn } from './stand_in.mjs';

const oidcError = (status, name, error, description) =>
  jsonAnswer(status, { error, error_description: description }, { 'x-amzn-ErrorType': name });

export const oidcErrors = {
  expiredToken: () => oidcError(400, 'ExpiredTokenException', 'expired_token', 'Token expired'),
  invalidGrant: () =>
    oidcError(400, 'InvalidGrantException', 'invalid_grant', 'Invalid refresh token provided'),
  invalidClient: () =>
    oidcError(401, 'InvalidClientException', 'invalid_client', 'Invalid client secret provided'),
  invalidRequest: (description) =>
    oidcError(400, 'InvalidRequestException', 'invalid_request', description),
  unsupportedGrantType: () =>
    oidcError(400, 'UnsupportedGrantTypeException', 'unsupported_grant_type', 'Unsupported grant type'),
};

// Options:
//   clientId, clientSecret, refreshToken  what a renewal must bring
//   next      {accessToken, refreshToken?, expiresIn?}: what it brings; a refreshToken that is given
//             takes the old one's place from then on, and the old one is refused
//   onToken   called with each access token that was given out (for the portal's `tokens`)
//   host, faults: see stand_in.mjs
export function startSsoOidc({ clientId, clientSecret, refreshToken, next, onToken, ...options }) {
  let goodRefreshToken = refreshToken;
  return startStandIn(options, ({ method, path, headers, body }, problem) => {
    const refuse = (text, answer) => {
      problem(`SSO OIDC: ${text}`);
      return answer;
    };
    if (method !== 'POST' || path !== '/token') {
      return refuse(
        `${method} ${path}, not POST /token`,
        oidcError(404, 'UnknownOperationException', 'invalid_request', 'Not Found'),
      );
    }
    if (headers.authorization) problem('SSO OIDC: the request must not be signed');
    if (!/^application\/json\b/.test(headers['content-type'] ?? '')) {
      problem(`SSO OIDC: the content type is ${headers['content-type']}`);
    }
    let request;
    try {
      request = JSON.parse(body);
    } catch {
      return refuse('the body is not JSON', oidcErrors.invalidRequest('Invalid request'));
    }
    if (request.grantType !== 'refresh_token') {
      return refuse(`grantType ${request.grantType}`, oidcErrors.unsupportedGrantType());
    }
    for (const name of ['clientId', 'clientSecret', 'refreshToken']) {
      if (typeof request[name] !== 'string' || request[name] === '') {
        return refuse(`no ${name}`, oidcErrors.invalidRequest(`Missing required parameter: ${name}`));
      }
    }
    if (request.clientId !== clientId || request.clientSecret !== clientSecret) {
      return refuse('another client', oidcErrors.invalidClient());
    }
    if (request.refreshToken !== goodRefreshToken) {
      return refuse('another refresh token', oidcErrors.invalidGrant());
    }
    goodRefreshToken = next.refreshToken ?? goodRefreshToken;
    onToken?.(next.accessToken);
    return jsonAnswer(200, { tokenType: 'Bearer', expiresIn: 28_800, ...next });
  });
}

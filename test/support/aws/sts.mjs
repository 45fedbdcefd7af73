// A stand-in for the Security Token Service: AssumeRole, whose signature is really checked, and
// AssumeRoleWithWebIdentity, which must not be signed. Source: AWS STS API reference, 2011-06-15.
import { asDate, asIsoText, rotation, startStandIn } from './stand_in.mjs';
import { checkSignature } from './sigv4.mjs';

const version = '2011-06-15';
const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
const requestId = '01234567-89ab-cdef-0123-456789abcdef';
const chainedDurationSecondsMax = 3600;

const escapeXml = (text) =>
  String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const xml = (status, body) => ({ status, headers: { 'Content-Type': 'text/xml' }, body });

// An answer in the form of the service's errors; also usable as a fault.
export function stsError(status, code, message) {
  return xml(
    status,
    `<ErrorResponse xmlns="${namespace}">\n  <Error>\n    <Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>\n` +
      `    <Code>${code}</Code>\n    <Message>${escapeXml(message)}</Message>\n  </Error>\n` +
      `  <RequestId>${requestId}</RequestId>\n</ErrorResponse>\n`,
  );
}

// The refusals that a test asks for by name.
export const stsErrors = {
  accessDenied: (roleArn = 'arn:aws:iam::123456789012:role/any', action = 'sts:AssumeRole') =>
    stsError(
      403, 'AccessDenied',
      `User: arn:aws:iam::123456789012:user/reader is not authorized to perform: ${action} on resource: ${roleArn}`,
    ),
  expiredToken: () =>
    stsError(403, 'ExpiredToken', 'The security token included in the request is expired'),
  expiredWebIdentity: () =>
    stsError(400, 'ExpiredTokenException', 'Token expired: current date/time must be before the expiration date/time'),
  identityProviderUnreachable: () =>
    stsError(400, 'IDPCommunicationError', 'Unable to reach the identity provider'),
  invalidIdentityToken: () =>
    stsError(400, 'InvalidIdentityToken', 'No OpenIDConnect provider found in your account for https://issuer.example'),
  throttling: () => stsError(400, 'Throttling', 'Rate exceeded'),
  internalFailure: () =>
    stsError(500, 'InternalFailure', 'The request processing has failed because of an unknown error'),
};

const signatureStatus = { IncompleteSignature: 400 };

const constraint = (value, member, rule) =>
  stsError(
    400, 'ValidationError',
    `1 validation error detected: Value ${value === null ? 'null' : `'${value}'`} at '${member}' failed to satisfy constraint: ${rule}`,
  );

// [parameter, member, length at least, at most, pattern, required]
const common = [
  ['RoleArn', 'roleArn', 20, 2048, /^arn:[\w-]+:iam::\d{12}:role\/.+$/, true],
  ['RoleSessionName', 'roleSessionName', 2, 64, /^[\w+=,.@-]*$/, true],
];
const operations = {
  AssumeRole: {
    texts: [...common, ['ExternalId', 'externalId', 2, 1224, /^[\w+=,.@:/-]*$/, false]],
    known: ['SerialNumber', 'TokenCode', 'SourceIdentity', 'Policy'],
  },
  AssumeRoleWithWebIdentity: {
    texts: [...common, ['WebIdentityToken', 'webIdentityToken', 4, 20_000, null, true]],
    known: ['ProviderId', 'Policy'],
  },
};

function checkParameters(parameters, { texts }) {
  for (const [name, member, least, most, pattern, required] of texts) {
    const value = parameters.get(name);
    if (value === null && !required) continue;
    if (value === null) return constraint(null, member, 'Member must not be null');
    if (value.length < least) {
      return constraint(value, member, `Member must have length greater than or equal to ${least}`);
    }
    if (value.length > most) {
      return constraint(value, member, `Member must have length less than or equal to ${most}`);
    }
    if (pattern && !pattern.test(value)) {
      return constraint(value, member, `Member must satisfy regular expression pattern: ${pattern.source}`);
    }
  }
  const duration = parameters.get('DurationSeconds');
  if (duration === null) return undefined;
  if (!/^\d+$/.test(duration)) return stsError(400, 'MalformedInput', 'Invalid DurationSeconds');
  if (Number(duration) < 900) {
    return constraint(duration, 'durationSeconds', 'Member must have value greater than or equal to 900');
  }
  if (Number(duration) > 43_200) {
    return constraint(duration, 'durationSeconds', 'Member must have value less than or equal to 43200');
  }
  return undefined;
}

function checkForm({ method, path, headers }, problem) {
  if (method !== 'POST') problem(`STS: the method is ${method}, not POST`);
  if (path !== '/') problem(`STS: the path is ${path}, not /`);
  if (!/^application\/x-www-form-urlencoded(; ?charset=utf-8)?$/i.test(headers['content-type'] ?? '')) {
    problem(`STS: the content type is ${headers['content-type']}`);
  }
}

function renderCredentials(operation, parameters, credentials, expiration) {
  const [, account, roleName] = /::(\d{12}):role\/(?:.*\/)?(.+)$/.exec(parameters.get('RoleArn'));
  const session = parameters.get('RoleSessionName');
  const members = [
    operation === 'AssumeRoleWithWebIdentity' &&
      '    <SubjectFromWebIdentityToken>subject</SubjectFromWebIdentityToken>\n    <Audience>sts.amazonaws.com</Audience>\n    <Provider>https://issuer.example</Provider>\n',
    '    <AssumedRoleUser>\n',
    `      <AssumedRoleId>AROASTANDIN0000000000:${escapeXml(session)}</AssumedRoleId>\n`,
    `      <Arn>arn:aws:sts::${account}:assumed-role/${escapeXml(roleName)}/${escapeXml(session)}</Arn>\n`,
    '    </AssumedRoleUser>\n    <Credentials>\n',
    `      <AccessKeyId>${escapeXml(credentials.accessKeyId)}</AccessKeyId>\n`,
    `      <SecretAccessKey>${escapeXml(credentials.secretAccessKey)}</SecretAccessKey>\n`,
    `      <SessionToken>${escapeXml(credentials.sessionToken)}</SessionToken>\n`,
    `      <Expiration>${asIsoText(expiration)}</Expiration>\n    </Credentials>\n`,
  ];
  return xml(
    200,
    `<${operation}Response xmlns="${namespace}">\n  <${operation}Result>\n${members.filter(Boolean).join('')}` +
      `  </${operation}Result>\n  <ResponseMetadata>\n    <RequestId>${requestId}</RequestId>\n` +
      `  </ResponseMetadata>\n</${operation}Response>\n`,
  );
}

// Options:
//   region   of the endpoint, which signatures must be scoped to (default us-west-2)
//   callers  [{accessKeyId, secretAccessKey, sessionToken?}]: who may sign AssumeRole. Credentials
//            that the stand-in gave out may, too: so chains of roles work.
//   roles    {ARN: {credentials, expires?, trusts?, externalId?, durationSecondsMax?,
//            webIdentityToken?}}. `credentials` is {accessKeyId, secretAccessKey, sessionToken} or a
//            list for one call after the other; `expires` (a time, see asDate) defaults to the
//            duration that was asked for; `trusts` are the access key ids that may assume the role.
//   host, faults: see stand_in.mjs
// Each of `assumed` is {operation, roleArn, sessionName, externalId, durationSeconds, accessKeyId}.
export async function startSts({ region = 'us-west-2', callers = [], roles = {}, ...options } = {}) {
  const known = [...callers];
  const assumed = [];
  const next = new Map(Object.entries(roles).map(([arn, role]) => [arn, rotation(role.credentials)]));

  const refuseRole = (parameters, caller, problem) => {
    const roleArn = parameters.get('RoleArn');
    const role = roles[roleArn];
    const denied = (why) => {
      problem(`STS: ${why}`);
      return stsErrors.accessDenied(roleArn, `sts:${parameters.get('Action')}`);
    };
    if (!role) return denied(`no role ${roleArn}`);
    if (!caller) {
      if (parameters.get('WebIdentityToken') === role.webIdentityToken) return undefined;
      problem('STS: another web identity token');
      return stsErrors.invalidIdentityToken();
    }
    if (role.trusts && !role.trusts.includes(caller.accessKeyId)) {
      return denied(`${roleArn} does not trust ${caller.accessKeyId}`);
    }
    if ((parameters.get('ExternalId') ?? undefined) !== role.externalId) {
      return denied(`ExternalId is ${parameters.get('ExternalId')}, not ${role.externalId}`);
    }
    return undefined;
  };

  const refuseDuration = (parameters, caller) => {
    const seconds = Number(parameters.get('DurationSeconds') ?? 0);
    const { durationSecondsMax = 3600 } = roles[parameters.get('RoleArn')];
    if (caller?.sessionToken && seconds > chainedDurationSecondsMax) {
      return stsError(400, 'ValidationError', 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
    }
    if (seconds > durationSecondsMax) {
      return stsError(400, 'ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
    }
    return undefined;
  };

  // Who signed: {caller}, {caller: undefined} for the unsigned operation, or {refusal}.
  const identify = (operation, request, problem) => {
    if (operation === 'AssumeRoleWithWebIdentity') {
      if (request.headers.authorization) problem('STS: AssumeRoleWithWebIdentity must not be signed');
      return {};
    }
    const { caller, refusal } = checkSignature(request, known, { region, service: 'sts' });
    if (!refusal) return { caller };
    problem(`STS: ${refusal.code}: ${refusal.message}`);
    return { refusal: stsError(signatureStatus[refusal.code] ?? 403, refusal.code, refusal.message) };
  };

  const answer = (request, problem) => {
    checkForm(request, problem);
    const parameters = new URLSearchParams(request.body);
    const operation = parameters.get('Action');
    if (!(operation in operations) || parameters.get('Version') !== version) {
      problem(`STS: Action ${operation}, Version ${parameters.get('Version')}`);
      return stsError(400, 'InvalidAction', `Could not find operation ${operation} for version ${parameters.get('Version')}`);
    }
    const { texts, known: others } = operations[operation];
    const names = ['Action', 'Version', 'DurationSeconds', ...texts.map(([name]) => name), ...others];
    for (const name of parameters.keys()) {
      if (!names.includes(name)) problem(`STS: ${operation} has no parameter ${name}`);
      if (parameters.getAll(name).length > 1) problem(`STS: ${name} is given twice`);
    }
    const { caller, refusal } = identify(operation, request, problem);
    if (refusal) return refusal;
    const malformed = checkParameters(parameters, operations[operation]);
    if (malformed) {
      problem(`STS: ${operation}: ${/<Message>(.*)<\/Message>/s.exec(malformed.body)[1]}`);
      return malformed;
    }
    const refused = refuseRole(parameters, caller, problem) ?? refuseDuration(parameters, caller);
    if (refused) return refused;
    const roleArn = parameters.get('RoleArn');
    const credentials = next.get(roleArn)();
    const duration = parameters.get('DurationSeconds');
    known.push(credentials);
    assumed.push({
      operation,
      roleArn,
      sessionName: parameters.get('RoleSessionName'),
      externalId: parameters.get('ExternalId') ?? undefined,
      durationSeconds: duration === null ? undefined : Number(duration),
      accessKeyId: caller?.accessKeyId,
    });
    const expires = asDate(roles[roleArn].expires ?? Number(duration ?? 3600));
    return renderCredentials(operation, parameters, credentials, expires);
  };

  return Object.assign(await startStandIn(options, answer), { assumed });
}

// AWS Signature Version 4 in two directions: signing, for the self-tests of the stand-ins, and
// checking, for the stand-ins. Source: AWS general reference, "Create a signed AWS API request";
// held to AWS's published example by sigv4.test.mjs.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const algorithm = 'AWS4-HMAC-SHA256';
const skewMinutesMax = 15;

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const timestampOf = (date) => date.toISOString().replace(/[-:]|\.\d{3}/g, '');

function dateOf(timestamp) {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp ?? '');
  return match && new Date(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`);
}

function canonicalRequest({ method, target, headers, body }, signedHeaders) {
  const [path, query = ''] = target.split('?');
  const headerLines = signedHeaders.map(
    (name) => `${name}:${String(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`,
  );
  return [
    method,
    path,
    query.split('&').sort().join('&'),
    headerLines.join(''),
    signedHeaders.join(';'),
    sha256(body),
  ].join('\n');
}

function signature(request, signedHeaders, scope, timestamp, secretAccessKey) {
  const key = scope.reduce(hmac, `AWS4${secretAccessKey}`);
  const canonical = sha256(canonicalRequest(request, signedHeaders));
  return hmac(key, [algorithm, timestamp, scope.join('/'), canonical].join('\n')).toString('hex');
}

// Returns the headers of `request` ({method, target, headers with host, body}) with those that sign
// it; names must be in lower case.
export function sign(request, credentials, { region, service, date = new Date() }) {
  const timestamp = timestampOf(date);
  const headers = { ...request.headers, 'x-amz-date': timestamp };
  if (credentials.sessionToken) headers['x-amz-security-token'] = credentials.sessionToken;
  const names = Object.keys(headers).sort();
  const scope = [timestamp.slice(0, 8), region, service, 'aws4_request'];
  const hex = signature(
    { ...request, headers }, names, scope, timestamp, credentials.secretAccessKey,
  );
  headers.authorization =
    `${algorithm} Credential=${[credentials.accessKeyId, ...scope].join('/')}, ` +
    `SignedHeaders=${names.join(';')}, Signature=${hex}`;
  return headers;
}

const refuse = (code, message) => ({ refusal: { code, message } });
const wrongScope = (message) => refuse('SignatureDoesNotMatch', message);

function checkScope([date, region, service, terminator], expected, timestamp) {
  if (region !== expected.region) {
    return wrongScope(`Credential should be scoped to a valid region, not '${region}'.`);
  }
  if (service !== expected.service) {
    return wrongScope(`Credential should be scoped to correct service: '${expected.service}'.`);
  }
  if (terminator !== 'aws4_request') {
    return wrongScope("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
  if (date !== timestamp.slice(0, 8)) {
    return wrongScope('Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.');
  }
  return undefined;
}

function checkAge(signedAt, now) {
  const minutes = (now - signedAt) / 60_000;
  if (Math.abs(minutes) <= skewMinutesMax) return undefined;
  const problem = minutes > 0 ? 'Signature expired' : 'Signature not yet current';
  const comparison = minutes > 0 ? 'is now earlier than' : 'is still later than';
  const direction = minutes > 0 ? '-' : '+';
  const bound = new Date(now - Math.sign(minutes) * skewMinutesMax * 60_000);
  return wrongScope(
    `${problem}: ${timestampOf(signedAt)} ${comparison} ${timestampOf(bound)} ` +
      `(${timestampOf(now)} ${direction} ${skewMinutesMax} min.)`,
  );
}

function checkCoverage(headers, signedHeaders) {
  for (const name of ['host', 'x-amz-date', 'x-amz-security-token']) {
    if (headers[name] !== undefined && !signedHeaders.includes(name)) {
      return wrongScope(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
    }
  }
  return undefined;
}

// Checks that one of `callers` ([{accessKeyId, secretAccessKey, sessionToken}]) signed the request.
// Returns {caller}, or {refusal: {code, message}} as services of the query protocol answer.
export function checkSignature(request, callers, { region, service, now = new Date() }) {
  const { headers } = request;
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  if (!headers.authorization) {
    return refuse('MissingAuthenticationToken', 'Request is missing Authentication Token');
  }
  const [accessKeyId, ...scope] = match?.[1].split('/') ?? [];
  const timestamp = headers['x-amz-date'];
  const signedAt = dateOf(timestamp);
  if (!match || scope.length !== 4 || !signedAt) {
    return refuse(
      'IncompleteSignature',
      'Authorization header requires Credential with five elements, SignedHeaders, Signature and X-Amz-Date.',
    );
  }
  const caller = callers.find((one) => one.accessKeyId === accessKeyId);
  const unrecognized = refuse(
    'InvalidClientTokenId', 'The security token included in the request is invalid.',
  );
  if (!caller) return unrecognized;
  const signedHeaders = match[2].split(';');
  const trouble =
    checkScope(scope, { region, service }, timestamp) ??
    checkCoverage(headers, signedHeaders) ??
    checkAge(signedAt, now);
  if (trouble) return trouble;
  const computed = signature(request, signedHeaders, scope, timestamp, caller.secretAccessKey);
  if (!timingSafeEqual(Buffer.from(computed), Buffer.from(match[3]))) {
    return wrongScope(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
  if ((headers['x-amz-security-token'] ?? '') !== (caller.sessionToken ?? '')) return unrecognized;
  return { caller };
}

// A stand-in for the instance metadata service, version 2 (with tokens) only. Source: Amazon EC2
// user guide, "Use the Instance Metadata Service" and "Retrieve security credentials".
import { randomBytes } from 'node:crypto';

import { asIsoText, rotation, startStandIn } from './stand_in.mjs';

const ttlHeader = 'x-aws-ec2-metadata-token-ttl-seconds';
const tokenHeader = 'x-aws-ec2-metadata-token';
const credentialsPath = '/latest/meta-data/iam/security-credentials/';
const ttlSecondsMax = 21_600;

const text = (body, headers = {}) => ({ headers: { 'Content-Type': 'text/plain', ...headers }, body });
const page = (status, title) => ({
  status,
  headers: { 'Content-Type': 'text/html' },
  body: `<?xml version="1.0" encoding="iso-8859-1"?>\n<html>\n <head>\n  <title>${status} - ${title}</title>\n </head>\n <body>\n  <h1>${status} - ${title}</h1>\n </body>\n</html>\n`,
});

// Options:
//   role         name of the instance's role; null: the instance has none (404)
//   credentials  {accessKeyId, secretAccessKey, sessionToken}, or a list (see rotation)
//   expires      a time (see asDate); default in six hours. In the past: the service is behind.
//   code         of the credentials document (default Success)
//   region       placement/region (default us-west-2); null: 404
//   disabled     answers everything with 403
//   tokenSeconds how long tokens really live (default: as long as was asked for)
//   host (also ::1), faults: see stand_in.mjs. Slow: {slow: true, count: Infinity}.
// A token that has run out, or was made to by dropTokens(), is refused with 401 and is no problem.
export async function startImds({
  role = 'instance-role', credentials, expires = 6 * 3600, code = 'Success', region = 'us-west-2',
  disabled = false, tokenSeconds, ...options
} = {}) {
  const next = rotation(credentials);
  const tokens = new Map(); // token -> when it runs out, ms

  const giveToken = ({ headers }, problem) => {
    const ttl = headers[ttlHeader];
    if (!/^\d+$/.test(ttl ?? '') || Number(ttl) < 1 || Number(ttl) > ttlSecondsMax) {
      problem(`IMDS: ${ttlHeader} is ${ttl}, not 1 to ${ttlSecondsMax}`);
      return page(400, 'Bad Request');
    }
    if (headers['x-forwarded-for']) {
      problem('IMDS: a token is never given to a proxy (X-Forwarded-For)');
      return page(403, 'Forbidden');
    }
    const token = `${randomBytes(40).toString('base64url')}==`;
    tokens.set(token, Date.now() + (tokenSeconds ?? Number(ttl)) * 1000);
    return text(token, { [ttlHeader]: ttl });
  };

  const checkToken = ({ method, path, headers }, problem) => {
    const token = headers[tokenHeader];
    if (!tokens.has(token)) {
      problem(`IMDS: ${method} ${path} with ${token ? 'another' : 'no'} ${tokenHeader}`);
      return page(401, 'Unauthorized');
    }
    return tokens.get(token) > Date.now() ? undefined : page(401, 'Unauthorized');
  };

  const roleDocument = () => {
    if (code !== 'Success') {
      return text(JSON.stringify({ Code: code, LastUpdated: asIsoText(0), Message: 'The role is not usable' }, null, 2));
    }
    const { accessKeyId, secretAccessKey, sessionToken } = next();
    const document = {
      Code: 'Success',
      LastUpdated: asIsoText(-60),
      Type: 'AWS-HMAC',
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
      Expiration: asIsoText(expires),
    };
    return text(JSON.stringify(document, null, 2));
  };

  const answer = (request, problem) => {
    const { method, path } = request;
    if (disabled) return page(403, 'Forbidden');
    if (path === '/latest/api/token') {
      if (method === 'PUT') return giveToken(request, problem);
      problem(`IMDS: ${method} ${path}, not PUT`);
      return page(405, 'Method Not Allowed');
    }
    if (method !== 'GET') {
      problem(`IMDS: ${method} ${path}, not GET`);
      return page(405, 'Method Not Allowed');
    }
    const refusal = checkToken(request, problem);
    if (refusal) return refusal;
    if (path === credentialsPath || path === credentialsPath.slice(0, -1)) {
      return role === null ? page(404, 'Not Found') : text(role);
    }
    if (role !== null && path === credentialsPath + encodeURIComponent(role)) return roleDocument();
    if (path === '/latest/meta-data/placement/region') {
      return region === null ? page(404, 'Not Found') : text(region);
    }
    problem(`IMDS: nothing at ${path}`);
    return page(404, 'Not Found');
  };

  const standIn = await startStandIn(options, answer);
  // Makes every token that was given out run out now.
  standIn.dropTokens = () => tokens.forEach((_, token) => tokens.set(token, 0));
  return standIn;
}

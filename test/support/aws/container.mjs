// A stand-in for the credentials endpoint of a container (ECS task roles, EKS Pod Identity).
// Source: AWS SDKs and Tools reference guide, "Container credential provider".
import { asIsoText, jsonAnswer, rotation, startStandIn } from './stand_in.mjs';

export const containerError = (status, code, message) => jsonAnswer(status, { code, message });

// Options:
//   path           that has the credentials (default /credentials)
//   authorization  what the Authorization header must be, or a function that returns it, for one
//                  that changes; without one, there must be no such header
//   credentials    {accessKeyId, secretAccessKey, sessionToken, roleArn?, accountId?}, or a list
//   expires        a time (see asDate); default in one hour
//   host, faults: see stand_in.mjs
export function startContainer({
  path: wantedPath = '/credentials', authorization, credentials, expires = 3600, ...options
}) {
  const next = rotation(credentials);
  return startStandIn(options, ({ method, path, headers }, problem) => {
    if (method !== 'GET') {
      problem(`container: ${method}, not GET`);
      return containerError(405, 'MethodNotAllowed', 'Only GET is allowed');
    }
    if (path !== wantedPath) {
      problem(`container: ${path}, not ${wantedPath}`);
      return containerError(404, 'NotFound', `No credentials at ${path}`);
    }
    const wanted = typeof authorization === 'function' ? authorization() : authorization;
    if (headers.authorization !== wanted) {
      problem(`container: ${headers.authorization === undefined ? 'no' : 'another'} Authorization`);
      return containerError(401, 'Unauthorized', 'The authorization token is missing or invalid');
    }
    const { accessKeyId, secretAccessKey, sessionToken, roleArn, accountId } = next();
    return jsonAnswer(200, {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
      Expiration: asIsoText(expires),
      RoleArn: roleArn ?? 'arn:aws:iam::123456789012:role/task',
      AccountId: accountId ?? '123456789012',
    });
  });
}

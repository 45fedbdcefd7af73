// Runs one row of the tables of credential sources: `sumac sql` in a home folder, with stand-ins for
// the services, against a DynamoDB that tells who asked.
//
// A case is
//   name            what it is
//   home            what writeHome takes
//   standIns        {sts | portal | oidc | container | imds: options}; started first
//   environment     {NAME: value}, beside the region and the stand-ins' addresses
//   parameters      {NAME: value} of the dataset, beside endpoint_url; undefined leaves one out
//   dynamodb        more of the fake's configuration: faults, clock_offset_minutes
//   keys            the access key ids that DynamoDB saw, each once, in order; or
//   error           texts (regular expressions) that the error must have
//   region          that requests were signed for (default us-west-2)
//   refusals        the errors that DynamoDB answered with (default none)
//   problems        what the stand-ins minded (regular expressions, default none)
//   secondsMax      how long the program may take
//   check(context)  further assertions; context has the stand-ins, folder, fake and answer
// where home, standIns, environment and parameters may be functions of the context.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startContainer } from '../support/aws/container.mjs';
import { startFakeDynamodb } from '../support/aws/fake_dynamodb.mjs';
import { writeHome } from '../support/aws/home.mjs';
import { startImds } from '../support/aws/imds.mjs';
import { startSsoOidc } from '../support/aws/sso_oidc.mjs';
import { startSsoPortal } from '../support/aws/sso_portal.mjs';
import { startSts } from '../support/aws/sts.mjs';
import { run, withTemporaryFolder } from '../support/program.mjs';
import { fakeDynamodbServer, sumac } from './setting.mjs';

const starters = {
  sts: startSts, portal: startSsoPortal, oidc: startSsoOidc, container: startContainer, imds: startImds,
};
const addressVariables = {
  sts: ['AWS_ENDPOINT_URL_STS', (url) => url],
  portal: ['AWS_ENDPOINT_URL_SSO', (url) => url],
  oidc: ['AWS_ENDPOINT_URL_SSO_OIDC', (url) => url],
  container: ['AWS_CONTAINER_CREDENTIALS_FULL_URI', (url) => `${url}/credentials`],
  imds: ['AWS_EC2_METADATA_SERVICE_ENDPOINT', (url) => url],
};
const secondsUsual = 30;
const caseTimeoutMs = 120_000;

// Whom DynamoDB knows. Long-lived keys have no session token. Each secret is looked for in all that
// the program prints.
const longLived = (name) => ({ accessKeyId: `AKID${name}`, secretAccessKey: `SecretOf/${name}+key` });
const temporary = (name) => ({
  accessKeyId: `ASIA${name}`, secretAccessKey: `SecretOf/${name}+key`, sessionToken: `TokenOf/${name}+session==`,
});
export const identities = {
  explicit: longLived('EXPLICIT'),
  environment: longLived('ENVIRONMENT'),
  defaultProfile: longLived('DEFAULT'),
  namedProfile: longLived('NAMED'),
  otherProfile: longLived('OTHER'),
  session: temporary('SESSION'),
  role: temporary('ROLE'),
  outerRole: temporary('OUTER'),
  process: temporary('PROCESS'),
  sso: temporary('SSO'),
  machine: temporary('MACHINE'),
  machineLater: temporary('MACHINELATER'),
};
export const otherSecrets = {
  ssoToken: 'SecretSsoAccessToken', ssoTokenNext: 'SecretSsoAccessTokenNext',
  refreshToken: 'SecretRefreshToken', refreshTokenNext: 'SecretRefreshTokenNext',
  clientSecret: 'SecretOfClient', webIdentityToken: 'SecretHeader.SecretPayload.SecretSignature',
  containerToken: 'SecretContainerAuthorization',
};
const secrets = [
  ...Object.values(identities).flatMap((one) => [one.secretAccessKey, one.sessionToken ?? []].flat()),
  ...Object.values(otherSecrets),
];

export const asEnvironment = ({ accessKeyId, secretAccessKey, sessionToken }) => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  ...(sessionToken ? { AWS_SESSION_TOKEN: sessionToken } : {}),
});
export const asProfile = ({ accessKeyId, secretAccessKey, sessionToken }) => ({
  aws_access_key_id: accessKeyId,
  aws_secret_access_key: secretAccessKey,
  ...(sessionToken ? { aws_session_token: sessionToken } : {}),
});
export const asParameters = ({ accessKeyId, secretAccessKey, sessionToken }) => ({
  dynamodb_aws_access_key_id: accessKeyId,
  dynamodb_aws_secret_access_key: secretAccessKey,
  ...(sessionToken ? { dynamodb_aws_session_token: sessionToken } : {}),
});

export const usersTable = {
  TableName: 'users',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
  Items: ['1', '2', '3'].map((id) => ({ id: { N: id } })),
};

export const countUsers = (parameters) => [
  'sql', '--from', 'dynamodb:users', '--format', 'csv', '-c', 'SELECT count(*) AS n FROM users',
  // Everything that it can say, so that all of it is looked through for secrets.
  '--log-level',
  'trace',
  ...Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => ['--param', `${name}=${value}`]),
];

const valueOf = (value, context) => (typeof value === 'function' ? value(context) : value) ?? {};

function assertAnswer(one, { answer, fake, standIns }) {
  const told = `${answer.stderr}\nrequests: ${JSON.stringify(fake.requests, null, 1)}`;
  if (one.error) {
    assert.equal(answer.stdout, '', told);
    for (const pattern of one.error) assert.match(answer.stderr, pattern, told);
    assert.equal(answer.code, 1, told);
  } else {
    assert.equal(answer.stdout, 'n\n3\n', told);
    assert.equal(answer.code, 0, told);
  }
  const seen = fake.requests.map(({ access_key_id }) => access_key_id);
  const inOrder = seen.filter((key, index) => index === 0 || key !== seen[index - 1]);
  assert.deepEqual(inOrder, one.keys ?? [], told);
  const refusals = fake.requests.map(({ error }) => error).filter(Boolean);
  assert.deepEqual(refusals, one.refusals ?? [], told);
  for (const request of fake.requests.filter(({ error }) => !error)) {
    assert.ok(request.signature_right, told);
    assert.ok(['none', 'right'].includes(request.session_token), told);
    assert.equal(request.region, one.region ?? 'us-west-2', told);
    assert.equal(`http://${request.host}`, fake.endpoint, told);
  }
  const problems = Object.values(standIns).flatMap((standIn) => standIn.problems);
  assert.equal(problems.length, (one.problems ?? []).length, `${problems.join('\n')}\n${told}`);
  (one.problems ?? []).forEach((pattern, index) => assert.match(problems[index], pattern));
}

function assertNoSecrets({ stdout, stderr }) {
  for (const secret of secrets) {
    assert.ok(!(stdout + stderr).includes(secret), `shows ${secret}:\n${stdout}${stderr}`);
  }
}

async function runCase(one, folder) {
  const context = { folder, standIns: {} };
  try {
    for (const [name, options] of Object.entries(valueOf(one.standIns, context))) {
      context.standIns[name] = await starters[name](options);
    }
    const { endpoint, ...fake } = await startFakeDynamodb(fakeDynamodbServer, {
      signers: Object.values(identities), tables: [usersTable], ...one.dynamodb,
    });
    context.fake = { endpoint, ...fake };
    const addresses = Object.entries(context.standIns).map(([name, { url }]) => {
      const [variable, render] = addressVariables[name];
      return [variable, render(url)];
    });
    const env = {
      AWS_REGION: 'us-west-2',
      ...(context.standIns.imds ? { AWS_EC2_METADATA_DISABLED: 'false' } : {}),
      ...Object.fromEntries(addresses),
      ...(await writeHome(folder, valueOf(one.home, context))),
      ...valueOf(one.environment, context),
    };
    const parameters = { endpoint_url: endpoint, ...valueOf(one.parameters, context) };
    const started = Date.now();
    context.answer = await run(sumac, countUsers(parameters), { cwd: folder, env });
    const seconds = (Date.now() - started) / 1000;
    await context.fake.stop();
    assertNoSecrets(context.answer);
    assertAnswer(one, context);
    assert.ok(seconds <= (one.secondsMax ?? secondsUsual), `took ${seconds} s`);
    await one.check?.(context);
  } finally {
    await context.fake?.stop();
    await Promise.all(Object.values(context.standIns).map((standIn) => standIn.stop()));
  }
}

export function testCases(cases) {
  for (const one of cases) {
    const skip = one.skip ?? false;
    test(one.name, { skip, timeout: caseTimeoutMs }, () =>
      withTemporaryFolder((folder) => runCase(one, folder)));
  }
}

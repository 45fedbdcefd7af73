// Credentials that a service gives: single sign-on, roles of STS, containers, instances.
import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { containerError } from '../support/aws/container.mjs';
import { startFakeDynamodb } from '../support/aws/fake_dynamodb.mjs';
import { ssoCachePath, ssoToken, writeHome } from '../support/aws/home.mjs';
import { oidcErrors, startSsoOidc } from '../support/aws/sso_oidc.mjs';
import { portalErrors, startSsoPortal } from '../support/aws/sso_portal.mjs';
import { stsErrors } from '../support/aws/sts.mjs';
import { run, withTemporaryFolder } from '../support/program.mjs';
import {
  asEnvironment, asParameters, asProfile, identities, otherSecrets, testCases, usersTable,
} from './credential_case.mjs';
import { fakeDynamodbServer, sumac } from './setting.mjs';

const { environment, defaultProfile, role, outerRole, sso, machine, machineLater } = identities;
const { ssoToken: token, ssoTokenNext, refreshToken, refreshTokenNext, clientSecret, webIdentityToken, containerToken } =
  otherSecrets;
const key = (identity) => identity.accessKeyId;

const startUrl = 'https://sso.example/start';
const ssoRole = { sso_account_id: '123456789012', sso_role_name: 'Reader' };
const sessionConfig = {
  'profile dev': { sso_session: 'corp', ...ssoRole },
  'sso-session corp': { sso_start_url: startUrl, sso_region: 'us-west-2', sso_registration_scopes: 'sso:account:access' },
};
const legacyConfig = { 'profile dev': { sso_start_url: startUrl, sso_region: 'us-west-2', ...ssoRole } };
const portal = (changes) => ({
  tokens: [token], accountId: '123456789012', roleName: 'Reader', credentials: sso, ...changes,
});
const registered = { clientId: 'client', clientSecret, refreshToken };
const renewing = (oidcChanges) => {
  const tokens = [];
  return {
    portal: portal({ tokens }),
    oidc: {
      ...registered,
      next: { accessToken: ssoTokenNext, refreshToken: refreshTokenNext, expiresIn: 28_800 },
      onToken: (next) => tokens.push(next),
      ...oidcChanges,
    },
  };
};
const ssoCase = (name, changes) => ({
  name: `SSO: ${name}`,
  environment: { AWS_PROFILE: 'dev' },
  standIns: { portal: portal() },
  ...changes,
});
const cached = (changes, name = 'corp') => ({ [name]: ssoToken({ accessToken: token, ...changes }) });

const singleSignOn = [
  ssoCase('a session', {
    home: { config: sessionConfig, ssoTokens: cached() },
    keys: [key(sso)],
  }),
  ssoCase('the older form, without a session', {
    home: { config: legacyConfig, ssoTokens: cached({}, startUrl) },
    keys: [key(sso)],
  }),
  ssoCase('a token that ends soon is renewed and written back', {
    home: { config: sessionConfig, ssoTokens: cached({ expires: 60, ...registered }) },
    standIns: () => renewing(),
    keys: [key(sso)],
    check: async ({ folder, standIns }) => {
      assert.equal(standIns.oidc.requests.length, 1);
      const path = ssoCachePath(folder, 'corp');
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      const written = JSON.parse(await readFile(path, 'utf8'));
      assert.equal(written.accessToken, ssoTokenNext);
      assert.equal(written.refreshToken, refreshTokenNext);
      assert.equal(written.clientId, 'client');
      assert.equal(written.startUrl, startUrl);
      const hours = (new Date(written.expiresAt) - Date.now()) / 3_600_000;
      assert.ok(hours > 7.9 && hours <= 8, `${written.expiresAt} is in ${hours} hours`);
    },
  }),
  ssoCase('a token that ends soon and cannot be renewed is used while it lasts', {
    home: { config: sessionConfig, ssoTokens: cached({ expires: 60, ...registered }) },
    standIns: () => ({ ...renewing({ faults: [{ ...oidcErrors.invalidGrant(), count: Infinity }] }), portal: portal() }),
    keys: [key(sso)],
  }),
  ssoCase('an expired token without a refresh token', {
    home: { config: sessionConfig, ssoTokens: cached({ expires: -60 }) },
    error: [/aws sso login/, /dev|corp/, /expired/],
  }),
  ssoCase('an expired token that is not renewed', {
    home: { config: sessionConfig, ssoTokens: cached({ expires: -60, ...registered }) },
    standIns: () => renewing({ faults: [{ ...oidcErrors.expiredToken(), count: Infinity }] }),
    error: [/aws sso login/],
  }),
  ssoCase('a token that the portal does not take', {
    home: { config: sessionConfig, ssoTokens: cached() },
    standIns: { portal: portal({ faults: [{ ...portalErrors.unauthorized(), count: Infinity }] }) },
    error: [/aws sso login/],
  }),
  ssoCase('a role that the person may not have', {
    home: { config: sessionConfig, ssoTokens: cached() },
    standIns: { portal: portal({ faults: [{ ...portalErrors.forbidden(), count: Infinity }] }) },
    error: [/Reader/, /123456789012|No access/],
  }),
  ssoCase('a portal that is busy for a moment', {
    home: { config: sessionConfig, ssoTokens: cached() },
    standIns: { portal: portal({ faults: [portalErrors.tooManyRequests(), { status: 500 }] }) },
    keys: [key(sso)],
  }),
  ssoCase('nobody has signed in', { home: { config: sessionConfig }, error: [/aws sso login/] }),
  ssoCase('a cache file that is cut off', {
    home: { config: sessionConfig, ssoTokens: { corp: '{"accessToken":"SecretSsoAccessToken","expi' } },
    error: [/aws sso login/],
  }),
  ssoCase('a session that is not there', {
    home: { config: { 'profile dev': sessionConfig['profile dev'] } },
    error: [/corp/],
  }),
];

const roleArn = 'arn:aws:iam::123456789012:role/reader';
const outerArn = 'arn:aws:iam::210987654321:role/outer';
const stsFor = (caller, roles, more) => ({ sts: { callers: [caller], roles, ...more } });
const readerRole = (changes) => ({ [roleArn]: { credentials: role, ...changes } });
const roleProfile = (changes) => ({ role_arn: roleArn, source_profile: 'base', ...changes });
const roleCase = (name, changes) => ({
  name: `role: ${name}`,
  environment: { AWS_PROFILE: 'dev' },
  standIns: stsFor(defaultProfile, readerRole()),
  home: { config: { 'profile dev': roleProfile() }, credentials: { base: asProfile(defaultProfile) } },
  keys: [key(role)],
  ...changes,
});
const sourceCase = (source, caller, changes) =>
  roleCase(`credential_source ${source}`, {
    home: { config: { 'profile dev': { role_arn: roleArn, credential_source: source } } },
    standIns: stsFor(caller, readerRole()),
    ...changes,
  });

const roles = [
  roleCase('the keys of another profile'),
  roleCase('a chain of two', {
    home: {
      config: { 'profile dev': { role_arn: outerArn, source_profile: 'middle' }, 'profile middle': roleProfile() },
      credentials: { base: asProfile(defaultProfile) },
    },
    standIns: stsFor(defaultProfile, {
      ...readerRole(), [outerArn]: { credentials: outerRole, trusts: [key(role)] },
    }),
    keys: [key(outerRole)],
    check: ({ standIns }) =>
      assert.deepEqual(standIns.sts.assumed.map((one) => one.roleArn), [roleArn, outerArn]),
  }),
  roleCase('a profile that is its own source', {
    home: { credentials: { dev: { ...roleProfile({ source_profile: 'dev' }), ...asProfile(defaultProfile) } } },
  }),
  roleCase('a loop of profiles', {
    home: {
      config: {
        'profile dev': roleProfile({ source_profile: 'other' }),
        'profile other': roleProfile({ source_profile: 'dev' }),
      },
    },
    keys: [],
    error: [/dev/, /other/, /loop|cycle|circular/i],
  }),
  roleCase('external id, session name and duration are sent', {
    home: {
      config: {
        'profile dev': roleProfile({ external_id: 'partner:7', role_session_name: 'nightly', duration_seconds: 7200 }),
      },
      credentials: { base: asProfile(defaultProfile) },
    },
    standIns: stsFor(defaultProfile, readerRole({ externalId: 'partner:7', durationSecondsMax: 7200 })),
    check: ({ standIns }) => {
      const [assumed] = standIns.sts.assumed;
      assert.deepEqual([assumed.externalId, assumed.sessionName, assumed.durationSeconds], ['partner:7', 'nightly', 7200]);
    },
  }),
  sourceCase('Environment', environment, {
    environment: { AWS_PROFILE: 'dev', ...asEnvironment(environment) },
    parameters: { dynamodb_aws_profile: 'dev' },
  }),
  sourceCase('EcsContainer', machine, {
    standIns: { ...stsFor(machine, readerRole()), container: { credentials: machine } },
  }),
  sourceCase('Ec2InstanceMetadata', machine, {
    standIns: { ...stsFor(machine, readerRole()), imds: { credentials: machine } },
  }),
  roleCase('of the parameters, over keys of the parameters', {
    environment: {},
    home: {},
    parameters: {
      ...asParameters(environment), dynamodb_aws_role_arn: roleArn, dynamodb_aws_external_id: 'partner:7',
    },
    standIns: stsFor(environment, readerRole({ externalId: 'partner:7' })),
  }),
  roleCase('that may not be assumed', {
    standIns: stsFor(defaultProfile, readerRole({ trusts: [] })),
    problems: [/does not trust/],
    keys: [],
    error: [/AccessDenied/, /role\/reader/],
  }),
  roleCase('an STS that fails for a moment', {
    standIns: stsFor(defaultProfile, readerRole(), {
      faults: [stsErrors.internalFailure(), stsErrors.throttling()],
    }),
  }),
];

const webIdentity = (name, changes) => ({
  name: `web identity: ${name}`,
  environment: ({ folder }) => ({
    AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'),
    AWS_ROLE_ARN: roleArn,
    AWS_ROLE_SESSION_NAME: 'pod-7',
  }),
  home: { files: { token: webIdentityToken } },
  standIns: { sts: { roles: readerRole({ webIdentityToken }) } },
  keys: [key(role)],
  ...changes,
});

const webIdentities = [
  webIdentity('the environment', {
    check: ({ standIns }) => assert.equal(standIns.sts.assumed[0].sessionName, 'pod-7'),
  }),
  webIdentity('a profile', {
    environment: { AWS_PROFILE: 'dev' },
    home: ({ folder }) => ({
      config: {
        'profile dev': { role_arn: roleArn, web_identity_token_file: join(folder, 'token'), role_session_name: 'from-profile' },
      },
      files: { token: webIdentityToken },
    }),
    check: ({ standIns }) => assert.equal(standIns.sts.assumed[0].sessionName, 'from-profile'),
  }),
  webIdentity('a token file that ends its line', { home: { files: { token: `${webIdentityToken}\n` } } }),
  webIdentity('an identity provider that STS cannot reach for a moment', {
    standIns: { sts: { roles: readerRole({ webIdentityToken }), faults: [stsErrors.identityProviderUnreachable()] } },
  }),
  webIdentity('a token that has expired', {
    standIns: { sts: { roles: readerRole({ webIdentityToken }), faults: [{ ...stsErrors.expiredWebIdentity(), count: Infinity }] } },
    keys: [],
    error: [/ExpiredTokenException|expired/i, /token/i],
  }),
  webIdentity('a token file that is missing', { home: {}, keys: [], error: [/AWS_WEB_IDENTITY_TOKEN_FILE|token/] }),
];

const containerCase = (name, changes) => ({
  name: `container: ${name}`,
  standIns: { container: { credentials: machine } },
  keys: [key(machine)],
  ...changes,
});

const containers = [
  containerCase('a full URI'),
  containerCase('a token', {
    standIns: { container: { credentials: machine, authorization: containerToken } },
    environment: { AWS_CONTAINER_AUTHORIZATION_TOKEN: containerToken },
  }),
  containerCase('a token file, which wins', {
    standIns: { container: { credentials: machine, authorization: containerToken } },
    environment: ({ folder }) => ({
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(folder, 'token'), AWS_CONTAINER_AUTHORIZATION_TOKEN: 'another',
    }),
    home: { files: { token: containerToken } },
  }),
  containerCase('::1', { standIns: { container: { credentials: machine, host: '::1' } } }),
  containerCase('a relative URI', {
    skip: 'its address is 169.254.170.2, which a test without rights cannot have',
  }),
  containerCase('a host that is not allowed', {
    standIns: {},
    environment: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://192.0.2.1/credentials' },
    keys: [],
    error: [/192\.0\.2\.1/, /AWS_CONTAINER_CREDENTIALS_FULL_URI/],
  }),
  containerCase('an endpoint that is busy for a moment', {
    standIns: { container: { credentials: machine, faults: [containerError(500, 'InternalServerError', 'try again')] } },
  }),
  containerCase('an endpoint that refuses', {
    standIns: { container: { credentials: machine, faults: [{ ...containerError(403, 'AccessDenied', 'no such association'), count: Infinity }] } },
    keys: [],
    error: [/no such association|AccessDenied|403/],
  }),
  containerCase('an answer that is cut off', {
    standIns: { container: { credentials: machine, faults: [{ malformed: true, count: Infinity }] } },
    keys: [],
    error: [/container|127\.0\.0\.1/],
  }),
  containerCase('credentials that DynamoDB calls expired are fetched again', {
    standIns: { container: { credentials: [machine, machineLater] } },
    dynamodb: { faults: [{ fault: 'ExpiredToken', access_key_id: key(machine) }] },
    keys: [key(machine), key(machineLater)],
    refusals: ['ExpiredTokenException'],
  }),
  containerCase('credentials that DynamoDB never takes are not fetched for ever', {
    dynamodb: { faults: [{ fault: 'UnrecognizedClient', access_key_id: key(machine), count: 100 }] },
    refusals: ['UnrecognizedClientException', 'UnrecognizedClientException'],
    error: [/users/, /token|credentials/i],
  }),
];

const instanceCase = (name, changes) => ({
  name: `instance metadata: ${name}`,
  standIns: { imds: { credentials: machine } },
  keys: [key(machine)],
  ...changes,
});
const always = (fault) => ({ imds: { credentials: machine, faults: [{ ...fault, count: Infinity }] } });
const rolePath = '/latest/meta-data/iam/security-credentials/instance-role';

const instances = [
  instanceCase('token, role and credentials', {
    check: ({ standIns }) => {
      const asked = standIns.imds.requests.map(({ method, path }) => `${method} ${path}`);
      assert.ok(asked.includes('PUT /latest/api/token'), asked.join('\n'));
    },
  }),
  instanceCase('IPv6', { standIns: { imds: { credentials: machine, host: '::1' } } }),
  instanceCase('credentials that have expired serve on', {
    standIns: { imds: { credentials: machine, expires: -600 } },
  }),
  instanceCase('disabled by the environment', {
    environment: { AWS_EC2_METADATA_DISABLED: 'true' },
    keys: [],
    error: [/AWS_EC2_METADATA_DISABLED|disabled/],
    check: ({ standIns }) => assert.equal(standIns.imds.requests.length, 0),
  }),
  instanceCase('disabled on the instance', {
    standIns: { imds: { credentials: machine, disabled: true } },
    keys: [],
    error: [/metadata/i, /403|disabled/],
  }),
  instanceCase('no role', {
    standIns: { imds: { role: null } }, keys: [], error: [/metadata/i, /role/],
  }),
  instanceCase('a role that is not usable', {
    standIns: { imds: { credentials: machine, code: 'AssumeRoleUnauthorizedAccess' } },
    keys: [],
    error: [/AssumeRoleUnauthorizedAccess/],
  }),
  instanceCase('an answer that is cut off', {
    standIns: always({ malformed: true, path: rolePath }), keys: [], error: [/metadata/i],
  }),
  instanceCase('a service that fails for a moment', {
    standIns: { imds: { credentials: machine, faults: [{ status: 503 }, { status: 500, path: rolePath }, { cut: true, path: rolePath }] } },
  }),
  instanceCase('a token that runs out is renewed', {
    standIns: { imds: { credentials: machine, faults: [{ status: 401, path: rolePath }] } },
  }),
  instanceCase('a service that never answers is given up', {
    standIns: always({ slow: true }),
    keys: [],
    error: [/metadata/i],
    secondsMax: 20,
  }),
];

testCases([...singleSignOn, ...roles, ...webIdentities, ...containers, ...instances]);

// A refresh token can be used once, whoever is first.
test('profiles that share an SSO session renew its token once', async () => {
  await withTemporaryFolder(async (folder) => {
    const tokens = [];
    const portal = await startSsoPortal({
      tokens, accountId: '123456789012', roleName: 'reader', credentials: identities.role,
    });
    const oidc = await startSsoOidc({
      clientId: 'client', clientSecret: 'SecretOfClient', refreshToken: 'first',
      next: { accessToken: 'renewed-token', refreshToken: 'second' }, onToken: (token) => tokens.push(token),
    });
    const fake = await startFakeDynamodb(fakeDynamodbServer, { signers: [identities.role], tables: [usersTable] });
    try {
      const profile = {
        sso_session: 'corp', sso_account_id: '123456789012', sso_role_name: 'reader', region: 'us-west-2',
      };
      const home = await writeHome(folder, {
        config: {
          'profile a': profile, 'profile b': profile,
          'sso-session corp': { sso_start_url: 'https://corp.example/start', sso_region: 'us-west-2' },
        },
        ssoTokens: {
          corp: ssoToken({
            accessToken: 'old-token', expires: -10, refreshToken: 'first', clientId: 'client', clientSecret: 'SecretOfClient',
          }),
        },
      });
      await writeFile(join(folder, 'spicepod.yaml'), [
        'version: v1', 'kind: Spicepod', 'name: test', 'datasets:',
        ...['a', 'b'].flatMap((name) => [
          '  - from: dynamodb:users', `    name: ${name}`, '    params:',
          `      endpoint_url: ${fake.endpoint}`, `      dynamodb_aws_profile: ${name}`,
        ]),
      ].join('\n'));
      const query = ['sql', '--spicepod', folder, '--format', 'csv', '-c', 'SELECT count(*) AS n FROM a JOIN b USING (id)'];
      const env = { ...home, AWS_ENDPOINT_URL_SSO: portal.url, AWS_ENDPOINT_URL_SSO_OIDC: oidc.url };
      const answer = await run(sumac, query, { env });
      assert.equal(answer.stdout, 'n\n3\n', answer.stderr);
      assert.equal(oidc.requests.length, 1);
      assert.deepEqual(oidc.problems, []);
    } finally {
      for (const standIn of [fake, portal, oidc]) await standIn.stop();
    }
  });
});

// Credentials and region from this machine: parameters, the environment, the files of AWS tools, and
// programs that print credentials.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { asEnvironment, asParameters, asProfile, identities, testCases } from './credential_case.mjs';
import { fast } from './setting.mjs';

const { explicit, environment, defaultProfile, namedProfile, otherProfile, session, process: fromProcess } =
  identities;
const key = (identity) => identity.accessKeyId;

const keysAndEnvironment = [
  {
    name: 'explicit parameters win over everything',
    feature: 'keys',
    parameters: asParameters(explicit),
    environment: { ...asEnvironment(environment), AWS_PROFILE: 'no_such_profile' },
    home: { credentials: { default: asProfile(defaultProfile) } },
    keys: [key(explicit)],
  },
  {
    name: 'explicit parameters with a session token',
    feature: 'keys',
    parameters: asParameters(session),
    keys: [key(session)],
  },
  {
    name: 'half of the explicit parameters is an error',
    feature: 'keys',
    parameters: { dynamodb_aws_access_key_id: key(explicit) },
    environment: asEnvironment(environment),
    error: [/users/, /dynamodb_aws_secret_access_key/],
  },
  {
    name: 'the environment',
    feature: 'keys',
    environment: asEnvironment(environment),
    keys: [key(environment)],
  },
  {
    name: 'the environment with a session token',
    feature: 'keys',
    environment: asEnvironment(session),
    keys: [key(session)],
  },
  {
    name: 'half of the environment is an error',
    feature: 'keys',
    environment: { AWS_ACCESS_KEY_ID: key(environment) },
    home: { credentials: { default: asProfile(defaultProfile) } },
    error: [/AWS_SECRET_ACCESS_KEY/],
  },
  {
    name: 'a secret that is wrong is refused by the service',
    feature: 'keys',
    environment: { ...asEnvironment(environment), AWS_SECRET_ACCESS_KEY: 'another' },
    keys: [key(environment)],
    refusals: ['InvalidSignatureException'],
    error: [/users/, /signature/i],
  },
  {
    name: 'a session token that is missing is refused by the service',
    feature: 'keys',
    environment: { ...asEnvironment(session), AWS_SESSION_TOKEN: '' },
    keys: [key(session)],
    refusals: ['UnrecognizedClientException'],
    error: [/users/, /token|credentials/i],
  },
  {
    // What every other row asserts, too, once the program can be made to talk.
    name: 'a trace shows no secret',
    feature: 'log level',
    environment: asEnvironment(session),
    keys: [key(session)],
    check: ({ answer }) => assert.match(answer.stderr, /DescribeTable/),
  },
  {
    name: 'the environment wins over AWS_PROFILE',
    feature: 'profiles',
    environment: { ...asEnvironment(environment), AWS_PROFILE: 'named' },
    home: { credentials: { named: asProfile(namedProfile) } },
    keys: [key(environment)],
  },
  {
    name: 'aws_auth key takes no credentials from elsewhere',
    feature: 'auth parameters',
    parameters: { dynamodb_aws_auth: 'key' },
    environment: asEnvironment(environment),
    error: [/dynamodb_aws_access_key_id/],
  },
  {
    name: 'the role source env takes the environment alone',
    feature: 'auth parameters',
    parameters: { dynamodb_aws_auth: 'iam_role', dynamodb_aws_iam_role_source: 'env' },
    home: { credentials: { default: asProfile(defaultProfile) } },
    error: [/AWS_ACCESS_KEY_ID/],
  },
  {
    name: 'the role source metadata passes the environment by',
    feature: 'auth parameters',
    parameters: { dynamodb_aws_auth: 'iam_role', dynamodb_aws_iam_role_source: 'metadata' },
    environment: asEnvironment(environment),
    standIns: { imds: { credentials: identities.machine } },
    keys: [key(identities.machine)],
  },
];

const profiles = [
  {
    name: 'the default profile of the credentials file',
    feature: 'profiles',
    home: { credentials: { default: asProfile(defaultProfile), named: asProfile(namedProfile) } },
    keys: [key(defaultProfile)],
  },
  {
    name: 'the default profile of the config file',
    feature: 'profiles',
    home: { config: { default: asProfile(session) } },
    keys: [key(session)],
  },
  {
    name: 'the credentials file wins over the config file',
    feature: 'profiles',
    home: {
      config: { default: asProfile(otherProfile) }, credentials: { default: asProfile(defaultProfile) },
    },
    keys: [key(defaultProfile)],
  },
  {
    name: 'a profile named by AWS_PROFILE',
    feature: 'profiles',
    environment: { AWS_PROFILE: 'named' },
    home: { credentials: { default: asProfile(defaultProfile), named: asProfile(namedProfile) } },
    keys: [key(namedProfile)],
  },
  {
    name: 'a profile named by parameter wins over the environment',
    feature: 'profiles',
    parameters: { dynamodb_aws_profile: 'named' },
    environment: { ...asEnvironment(environment), AWS_PROFILE: 'other' },
    home: { credentials: { named: asProfile(namedProfile), other: asProfile(otherProfile) } },
    keys: [key(namedProfile)],
  },
  {
    name: 'a named profile that is missing is an error',
    feature: 'profiles',
    environment: { AWS_PROFILE: 'no_such_profile' },
    home: { credentials: { default: asProfile(defaultProfile) } },
    error: [/no_such_profile/],
  },
  {
    name: 'files at other places',
    feature: 'profiles',
    environment: ({ folder }) => ({
      AWS_CONFIG_FILE: join(folder, 'elsewhere/config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'elsewhere/keys'),
      AWS_PROFILE: 'named',
      AWS_REGION: '',
    }),
    home: {
      credentials: { named: asProfile(otherProfile) },
      files: {
        'elsewhere/config': '[profile named]\nregion = eu-west-1\n',
        'elsewhere/keys': `[named]\naws_access_key_id=${key(namedProfile)}\naws_secret_access_key=${namedProfile.secretAccessKey}\n`,
      },
    },
    keys: [key(namedProfile)],
    region: 'eu-west-1',
  },
  {
    name: 'half a profile is an error',
    feature: 'profiles',
    home: { credentials: { default: { aws_access_key_id: key(defaultProfile) } } },
    error: [/default/, /aws_secret_access_key/],
  },
  {
    name: 'a file that is no profile file names file and line',
    feature: 'profiles',
    home: { credentials: '[default\naws_access_key_id = x\n' },
    error: [/\.aws\/credentials\b.*\b1\b/],
  },
  {
    name: 'nothing found lists every source',
    feature: 'credential sources',
    error: [/AWS_ACCESS_KEY_ID/, /profile/i, /web identity|AWS_WEB_IDENTITY_TOKEN_FILE/i, /container/i, /metadata/i],
  },
];

const places = [
  {
    name: 'the region of the profile',
    feature: 'region from profile',
    environment: { AWS_REGION: '', AWS_PROFILE: 'named' },
    home: {
      config: { 'profile named': { region: 'eu-central-1' }, default: { region: 'eu-west-1' } },
      credentials: { named: asProfile(namedProfile) },
    },
    keys: [key(namedProfile)],
    region: 'eu-central-1',
  },
  {
    name: 'the region of the environment wins over that of the profile',
    feature: 'profiles',
    home: { config: { default: { region: 'eu-central-1', ...asProfile(defaultProfile) } } },
    keys: [key(defaultProfile)],
  },
  {
    name: 'the region of the instance',
    feature: 'region from instance metadata',
    environment: { AWS_REGION: '', ...asEnvironment(environment) },
    standIns: { imds: { credentials: identities.machine, region: 'eu-north-1' } },
    keys: [key(environment)],
    region: 'eu-north-1',
  },
  {
    name: 'no region anywhere is an error',
    feature: 'keys',
    environment: { AWS_REGION: '', ...asEnvironment(environment) },
    error: [/users/, /dynamodb_aws_region/, /AWS_REGION/],
  },
  ...[
    ['AWS_ENDPOINT_URL_DYNAMODB', (url) => ({ AWS_ENDPOINT_URL_DYNAMODB: url, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' })],
    ['AWS_ENDPOINT_URL', (url) => ({ AWS_ENDPOINT_URL: url })],
  ].map(([variable, render]) => ({
    name: `the endpoint of ${variable}`,
    feature: 'endpoint from environment',
    environment: ({ fake }) => ({ ...asEnvironment(environment), ...render(fake.endpoint) }),
    parameters: { endpoint_url: undefined },
    keys: [key(environment)],
  })),
  {
    name: 'the endpoint of the services of a profile',
    feature: 'endpoint from profile',
    home: ({ fake }) => ({
      config: {
        default: { ...asProfile(defaultProfile), services: 'local' },
        'services local': { dynamodb: { endpoint_url: fake.endpoint } },
      },
    }),
    parameters: { endpoint_url: undefined },
    keys: [key(defaultProfile)],
  },
];

const printed = JSON.stringify({
  Version: 1,
  AccessKeyId: key(fromProcess),
  SecretAccessKey: fromProcess.secretAccessKey,
  SessionToken: fromProcess.sessionToken,
  Expiration: '2099-01-01T00:00:00Z',
});
const processCase = (name, script, outcome, commandArguments = '') => ({
  name: `credential_process ${name}`,
  feature: 'credential process',
  home: ({ folder }) => ({
    config: { default: { credential_process: `"${folder}/bin/print it"${commandArguments}` } },
    files: { 'bin/print it': `#!/bin/sh\n${script}\n` },
  }),
  ...outcome,
});

const processes = [
  processCase(
    'with quoted arguments', `[ "$#/$1/$2" = "2/a b/c" ] || exit 9\necho '${printed}'`,
    { keys: [key(fromProcess)] }, ' "a b" c',
  ),
  processCase('that fails', 'echo "no ticket" >&2; exit 3', { error: [/credential_process/, /3/] }),
  processCase('that prints no JSON', 'echo hello', { error: [/credential_process/] }),
  processCase('of another version', `echo '${printed.replace('"Version":1', '"Version":2')}'`, {
    error: [/credential_process/, /[Vv]ersion/],
  }),
  processCase('whose credentials have expired', `echo '${printed.replace('2099', '2001')}'`, {
    error: [/credential_process/, /expired/],
  }),
  processCase('that prints too much', 'exec yes "0123456789012345678901234567890123456789"', {
    error: [/credential_process/],
  }),
  {
    // The shell becomes the sleep, so that its number tells whether it was ended.
    ...processCase('that hangs', 'echo $$ >"$HOME/number"; exec sleep 600', {
      error: [/credential_process/, /second|time/i],
      secondsMax: 90,
    }),
    ...(fast ? { skip: 'waits for a time limit' } : {}),
    check: async ({ folder }) => {
      const number = Number(await readFile(join(folder, 'number'), 'utf8'));
      assert.throws(() => process.kill(number, 'SIGKILL'), { code: 'ESRCH' });
    },
  },
];

testCases([...keysAndEnvironment, ...profiles, ...places, ...processes]);

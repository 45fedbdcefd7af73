// Credentials and region from this machine: parameters, the environment, the files of AWS tools, and
// programs that print credentials.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { startFakeDynamodb } from '../support/aws/fake_dynamodb.mjs';
import { writeHome } from '../support/aws/home.mjs';
import { run, startServer, withTemporaryFolder } from '../support/program.mjs';
import {
  asEnvironment, asParameters, asProfile, identities, testCases, usersTable,
} from './credential_case.mjs';
import { fakeDynamodbServer, fast, sumac } from './setting.mjs';

const { explicit, environment, defaultProfile, namedProfile, otherProfile, session, process: fromProcess } =
  identities;
const key = (identity) => identity.accessKeyId;

const keysAndEnvironment = [
  {
    name: 'explicit parameters win over everything',
    parameters: asParameters(explicit),
    environment: { ...asEnvironment(environment), AWS_PROFILE: 'no_such_profile' },
    home: { credentials: { default: asProfile(defaultProfile) } },
    keys: [key(explicit)],
  },
  {
    name: 'explicit parameters with a session token',
    parameters: asParameters(session),
    keys: [key(session)],
  },
  {
    name: 'half of the explicit parameters is an error',
    parameters: { dynamodb_aws_access_key_id: key(explicit) },
    environment: asEnvironment(environment),
    error: [/users/, /dynamodb_aws_secret_access_key/],
  },
  {
    name: 'the environment',
    environment: asEnvironment(environment),
    keys: [key(environment)],
  },
  {
    name: 'the environment with a session token',
    environment: asEnvironment(session),
    keys: [key(session)],
  },
  {
    name: 'half of the environment is an error',
    environment: { AWS_ACCESS_KEY_ID: key(environment) },
    home: { credentials: { default: asProfile(defaultProfile) } },
    error: [/AWS_SECRET_ACCESS_KEY/],
  },
  {
    name: 'a secret that is wrong is refused by the service',
    environment: { ...asEnvironment(environment), AWS_SECRET_ACCESS_KEY: 'another' },
    keys: [key(environment)],
    refusals: ['InvalidSignatureException'],
    error: [/users/, /signature/i],
  },
  {
    name: 'a session token that is missing is refused by the service',
    environment: { ...asEnvironment(session), AWS_SESSION_TOKEN: '' },
    // Once more, because keys may be too new to be known everywhere.
    keys: [key(session)],
    refusals: ['UnrecognizedClientException', 'UnrecognizedClientException'],
    error: [/users/, /token|credentials/i],
  },
  {
    // What every other row asserts, too, once the program can be made to talk.
    name: 'a trace shows no secret',
    environment: asEnvironment(session),
    keys: [key(session)],
    check: ({ answer }) => assert.match(answer.stderr, /DescribeTable/),
  },
  {
    name: 'the environment wins over AWS_PROFILE',
    environment: { ...asEnvironment(environment), AWS_PROFILE: 'named' },
    home: { credentials: { named: asProfile(namedProfile) } },
    keys: [key(environment)],
  },
  {
    name: 'aws_auth key takes no credentials from elsewhere',
    parameters: { dynamodb_aws_auth: 'key' },
    environment: asEnvironment(environment),
    error: [/dynamodb_aws_access_key_id/],
  },
  {
    name: 'the role source env takes the environment alone',
    parameters: { dynamodb_aws_auth: 'iam_role', dynamodb_aws_iam_role_source: 'env' },
    home: { credentials: { default: asProfile(defaultProfile) } },
    error: [/AWS_ACCESS_KEY_ID/],
  },
  {
    name: 'the role source metadata passes the environment by',
    parameters: { dynamodb_aws_auth: 'iam_role', dynamodb_aws_iam_role_source: 'metadata' },
    environment: asEnvironment(environment),
    standIns: { imds: { credentials: identities.machine } },
    keys: [key(identities.machine)],
  },
];

const profiles = [
  {
    name: 'the default profile of the credentials file',
    home: { credentials: { default: asProfile(defaultProfile), named: asProfile(namedProfile) } },
    keys: [key(defaultProfile)],
  },
  {
    name: 'the default profile of the config file',
    home: { config: { default: asProfile(session) } },
    keys: [key(session)],
  },
  {
    name: 'the credentials file wins over the config file',
    home: {
      config: { default: asProfile(otherProfile) }, credentials: { default: asProfile(defaultProfile) },
    },
    keys: [key(defaultProfile)],
  },
  {
    name: 'a profile named by AWS_PROFILE',
    environment: { AWS_PROFILE: 'named' },
    home: { credentials: { default: asProfile(defaultProfile), named: asProfile(namedProfile) } },
    keys: [key(namedProfile)],
  },
  {
    name: 'a profile named by parameter wins over the environment',
    parameters: { dynamodb_aws_profile: 'named' },
    environment: { ...asEnvironment(environment), AWS_PROFILE: 'other' },
    home: { credentials: { named: asProfile(namedProfile), other: asProfile(otherProfile) } },
    keys: [key(namedProfile)],
  },
  {
    name: 'a named profile that is missing is an error',
    environment: { AWS_PROFILE: 'no_such_profile' },
    home: { credentials: { default: asProfile(defaultProfile) } },
    error: [/no_such_profile/],
  },
  {
    name: 'files at other places',
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
    home: { credentials: { default: { aws_access_key_id: key(defaultProfile) } } },
    error: [/default/, /aws_secret_access_key/],
  },
  {
    name: 'a file that is no profile file names file and line',
    home: { credentials: '[default\naws_access_key_id = x\n' },
    error: [/\.aws\/credentials\b.*\b1\b/],
  },
  {
    name: 'nothing found lists every source',
    error: [/AWS_ACCESS_KEY_ID/, /profile/i, /web identity|AWS_WEB_IDENTITY_TOKEN_FILE/i, /container/i, /metadata/i],
  },
];

const places = [
  {
    name: 'the region of the profile',
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
    home: { config: { default: { region: 'eu-central-1', ...asProfile(defaultProfile) } } },
    keys: [key(defaultProfile)],
  },
  {
    name: 'the region of the instance',
    environment: { AWS_REGION: '', ...asEnvironment(environment) },
    standIns: { imds: { credentials: identities.machine, region: 'eu-north-1' } },
    keys: [key(environment)],
    region: 'eu-north-1',
  },
  {
    name: 'no region anywhere is an error',
    environment: { AWS_REGION: '', ...asEnvironment(environment) },
    error: [/users/, /dynamodb_aws_region/, /AWS_REGION/],
  },
  ...[
    ['AWS_ENDPOINT_URL_DYNAMODB', (url) => ({ AWS_ENDPOINT_URL_DYNAMODB: url, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' })],
    ['AWS_ENDPOINT_URL', (url) => ({ AWS_ENDPOINT_URL: url })],
  ].map(([variable, render]) => ({
    name: `the endpoint of ${variable}`,
    environment: ({ fake }) => ({ ...asEnvironment(environment), ...render(fake.endpoint) }),
    parameters: { endpoint_url: undefined },
    keys: [key(environment)],
  })),
  {
    name: 'the endpoint of the services of a profile',
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
      error: [/credential_process/, /within 60 s/],
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

// What `sumac credentials` prints, for a person who wonders.
const explain = (folder, env, ...more) =>
  run(sumac, ['credentials', '--explain', ...more], { cwd: folder, env: { HOME: folder, ...env } });

test('sumac credentials says which source won and why the others did not', async () => {
  await withTemporaryFolder(async (folder) => {
    await writeHome(folder, { credentials: { default: asProfile(identities.defaultProfile) } });
    const answer = await explain(folder, {}, '--region', 'us-west-2');
    assert.equal(answer.code, 0, answer.stderr);
    assert.match(answer.stdout, /^region us-west-2\n/);
    assert.match(answer.stdout, /1\. the dataset's parameters +not configured +dynamodb_aws_access_key_id is not given\n/);
    assert.match(answer.stdout, /2\. environment variables +not configured +AWS_ACCESS_KEY_ID/);
    assert.match(answer.stdout, /3\. profile 'default' +used\n/);
    assert.match(answer.stdout, /endpoint +https:\/\/dynamodb\.us-west-2\.amazonaws\.com/);
    assert.ok(!answer.stdout.includes(identities.defaultProfile.secretAccessKey));
    assert.ok(!answer.stdout.includes(identities.defaultProfile.accessKeyId));

    const nothing = await explain(folder, { HOME: '/nonexistent' }, '--region', 'us-west-2');
    assert.equal(nothing.code, 1);
    assert.match(nothing.stdout, /6\. EC2 instance metadata +not configured +AWS_EC2_METADATA_DISABLED is true\n/);
    assert.match(nothing.stderr, /no AWS credentials to use/);

    const broken = await explain(folder, { AWS_PROFILE: 'defualt' }, '--region', 'us-west-2');
    assert.equal(broken.code, 1);
    assert.match(broken.stdout, /3\. profile 'defualt' +failed +there is no profile/);
    assert.match(broken.stdout, /did you mean 'default'/);
  });
});

test('sumac credentials speaks of datasets', async () => {
  await withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'spicepod.yaml'), [
      'version: v1', 'kind: Spicepod', 'name: test', 'datasets:',
      '  - from: dynamodb:arn:aws:dynamodb:eu-west-1:123456789012:table/users',
      '    name: users',
      '  - from: dynamodb:orders',
      '    name: orders',
      '    params: {dynamodb_aws_region: us-east-1, endpoint_url: "http://127.0.0.1:8000"}',
    ].join('\n'));
    const answer = await explain(folder, asEnvironment(identities.environment));
    assert.equal(answer.code, 0, answer.stderr);
    assert.match(answer.stdout, /users: region eu-west-1 \(from the table's ARN\)/);
    assert.match(answer.stdout, /https:\/\/123456789012\.ddb\.eu-west-1\.amazonaws\.com/);
    assert.match(answer.stdout, /orders: region us-east-1 \(from dynamodb_aws_region\)/);
    assert.match(answer.stdout, /http:\/\/127\.0\.0\.1:8000 \(from endpoint_url\)/);
    const unknown = await explain(folder, {}, '--dataset', 'user');
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /there is no dataset 'user'; did you mean 'users'\?/);
  });
});

test('a server shows no secret, whatever it is asked and however much it logs', async () => {
  await withTemporaryFolder(async (folder) => {
    const fake = await startFakeDynamodb(fakeDynamodbServer, {
      signers: [identities.environment], tables: [usersTable],
    });
    await writeFile(join(folder, 'spicepod.yaml'), [
      'version: v1', 'kind: Spicepod', 'name: test', 'datasets:',
      ...['users', 'gone'].flatMap((name) => [
        `  - from: dynamodb:${name}`, `    name: ${name}`, '    params:',
        `      endpoint_url: ${fake.endpoint}`, '      dynamodb_aws_region: us-west-2',
        '      dynamodb_aws_access_key_id: ${env:AWS_ACCESS_KEY_ID}',
        '      dynamodb_aws_secret_access_key: ${env:AWS_SECRET_ACCESS_KEY}',
      ]),
    ].join('\n'));
    const env = { ...asEnvironment(identities.environment), SUMAC_LOG: 'trace' };
    const server = await startServer(sumac, folder, { ready: false, env });
    const answers = [];
    try {
      const ask = async (path, options) => answers.push(await (await fetch(server.url + path, options)).text());
      for (const path of ['/v1/datasets?status=true', '/v1/ready', '/health']) await ask(path);
      for (const body of ['SELECT * FROM users', 'EXPLAIN SELECT * FROM users',
        'EXPLAIN ANALYZE SELECT * FROM users', 'SELECT * FROM gone', 'SELECT * FROM duckdb_settings()',
        "SELECT current_setting('secret_directory')", "SELECT getenv('AWS_SECRET_ACCESS_KEY')"]) {
        await ask('/v1/sql', { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body });
      }
    } finally {
      const { stdout, stderr } = await server.stop();
      answers.push(stdout, stderr);
      await fake.stop();
    }
    assert.match(answers.at(-1), /DescribeTable users: HTTP 200/);
    for (const text of answers) assert.ok(!text.includes(identities.environment.secretAccessKey), text);
  });
});

// Loads run side by side, so the clock is corrected while other requests are under way.
test('a clock that is off loses no dataset of several', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  await withTemporaryFolder(async (folder) => {
    const fake = await startFakeDynamodb(fakeDynamodbServer, {
      signers: [identities.explicit], tables: [usersTable], clock_offset_minutes: 30,
    });
    try {
      await writeFile(join(folder, 'spicepod.yaml'), [
        'version: v1', 'kind: Spicepod', 'name: test', 'datasets:',
        ...names.flatMap((name) => [
          '  - from: dynamodb:users', `    name: ${name}`, '    params:',
          ...Object.entries({ endpoint_url: fake.endpoint, dynamodb_aws_region: 'us-west-2', ...asParameters(identities.explicit) })
            .map(([parameter, value]) => `      ${parameter}: ${value}`),
        ]),
      ].join('\n'));
      const query = names.map((name) => `SELECT count(*) AS n FROM ${name}`).join('; ');
      const answer = await run(sumac, ['sql', '--spicepod', folder, '--format', 'csv', '-c', query]);
      assert.equal(answer.code, 0, answer.stderr);
      assert.equal(answer.stdout, names.map(() => 'n\n3\n').join(''));
    } finally {
      await fake.stop();
    }
  });
});

test('files of AWS tools that are broken stop nobody who needs nothing of them', async () => {
  await withTemporaryFolder(async (folder) => {
    await writeHome(folder, { files: { '.aws/config': 'garbage\n' } });
    const own = await explain(folder, asEnvironment(identities.environment), '--region', 'us-west-2');
    assert.equal(own.code, 0, own.stderr);
    assert.match(own.stderr, /warning: .*\.aws\/config:1/);
    const theirs = await explain(folder, {}, '--region', 'us-west-2');
    assert.equal(theirs.code, 1);
    assert.match(theirs.stdout, /3\. profile 'default' +failed/);
  });
});

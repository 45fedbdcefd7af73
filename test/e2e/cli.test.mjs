// The command line as a person or a script meets it: exit codes, what goes to stdout and what to
// stderr, formats, and what a mistake looks like.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { run, spicepodText, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sharedDynalite, sql, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);
const firstTwo = 'SELECT id, email FROM users ORDER BY id LIMIT 2';

// Runs `use(folder)` in a folder with a Spicepod of these datasets.
const withPod = (datasets, use) =>
  withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, datasets);
    await use(folder);
  });

// An error that a person can act on: nothing on stdout, a few lines on stderr.
function assertFails({ code, stdout, stderr }, expectedCode, ...patterns) {
  assert.equal(stdout, '');
  for (const pattern of patterns) assert.match(stderr, pattern);
  assert.equal(code, expectedCode, stderr);
  assert.ok(stderr.trim().split('\n').length <= 6, `too long:\n${stderr}`);
}

test('every format gives the same rows, on stdout alone', async () => {
  await withPod(['users'], async (folder) => {
    const ask = async (format) => {
      const answer = await sql(folder, firstTwo, '--format', format);
      assert.equal(answer.code, 0, answer.stderr);
      return answer.stdout;
    };
    const rows = [
      { id: 1, email: 'ada@example.com' },
      { id: 2, email: 'grace@example.com' },
    ];
    assert.equal(await ask('csv'), 'id,email\n1,ada@example.com\n2,grace@example.com\n');
    assert.deepEqual(JSON.parse(await ask('json')), rows);
    assert.deepEqual((await ask('jsonl')).trim().split('\n').map((line) => JSON.parse(line)), rows);
    const table = await ask('table');
    assert.match(table, /\| id \| email +\|/);
    assert.match(table, /\| 1 +\| ada@example\.com +\|/);
  });
});

test('numbers keep every digit', async () => {
  await withPod(['types'], async (folder) => {
    const query =
      'SELECT max(integer) AS i, max(wide_integer) AS w, max(wide_decimal) AS d, max(real) AS r FROM types';
    const digits = [
      '9223372036854775807',
      '12345678901234567890123456789012345678',
      '1234567890123456789.0123456789012345678',
      '0.1',
    ];
    const csv = await sql(folder, query, '--format', 'csv');
    assert.equal(csv.stdout, `i,w,d,r\n${digits.join(',')}\n`, csv.stderr);
    const json = await sql(folder, query, '--format', 'json');
    for (const number of digits) assert.ok(json.stdout.includes(number), json.stdout);
  });
});

test('several statements in a file run in order; the last one answers', async () => {
  await withPod(['users'], async (folder) => {
    const file = join(folder, 'queries.sql');
    await writeFile(file, '-- first\nSELECT 1;\n\nSELECT count(*) AS n FROM users;\n');
    const answer = await run(sumac, ['sql', '--spicepod', folder, '--format', 'csv', '-f', file]);
    assert.equal(answer.code, 0, answer.stderr);
    assert.ok(answer.stdout.endsWith('n\n10\n'), answer.stdout);
  });
});

test('the Spicepod is that of the current folder unless named', async () => {
  await withPod(['users'], async (folder) => {
    const query = ['sql', '--format', 'csv', '-c', 'SELECT count(*) AS n FROM users'];
    assert.equal((await run(sumac, query, { cwd: folder })).stdout, 'n\n10\n');
    const byFile = await run(sumac, [...query, '--spicepod', join(folder, 'spicepod.yaml')]);
    assert.equal(byFile.stdout, 'n\n10\n', byFile.stderr);
  });
});

test('--from needs no Spicepod', async () => {
  await withTemporaryFolder(async (folder) => {
    const parameters = [
      `endpoint_url=${dynalite.endpoint}`,
      'dynamodb_aws_region=us-west-2',
      'dynamodb_aws_access_key_id=test',
      'dynamodb_aws_secret_access_key=test',
    ].flatMap((parameter) => ['--param', parameter]);
    const answer = await run(
      sumac,
      ['sql', '--from', 'dynamodb:users', ...parameters, '--format', 'csv', '-c', firstTwo],
      { cwd: folder },
    );
    assert.equal(answer.stdout, 'id,email\n1,ada@example.com\n2,grace@example.com\n', answer.stderr);
    assert.equal(answer.code, 0);
  });
});

test('without -c it reads statements from a pipe', async () => {
  await withPod(['users'], async (folder) => {
    const answer = await run(sumac, ['sql', '--spicepod', folder, '--format', 'csv'], {
      input: 'SELECT count(*)\nAS n FROM users;\n',
    });
    assert.equal(answer.code, 0, answer.stderr);
    assert.match(answer.stdout, /n\n10\n/);
  });
});

test('a query that fails exits with 1', async () => {
  await withPod(['users'], async (folder) => {
    assertFails(await sql(folder, 'SELECT * FROM userz'), 1, /userz/, /users/);
    assertFails(await sql(folder, 'SELECT emial FROM users'), 1, /emial/, /email/);
    assertFails(await sql(folder, 'SELEC 1'), 1, /syntax error/i);
  });
});

test('wrong use exits with 2', async () => {
  await withPod(['users'], async (folder) => {
    assertFails(await sql(folder, 'SELECT 1', '--format', 'xml'), 2, /xml/);
    assertFails(await sql(folder, 'SELECT 1', '--no-such-option'), 2, /no-such-option/);
    assertFails(await run(sumac, ['no-such-command']), 2, /no-such-command/);
    const missingFile = ['sql', '--spicepod', folder, '-f', join(folder, 'missing.sql')];
    assertFails(await run(sumac, missingFile), 2, /missing\.sql/);
    assertFails(await sql(join(folder, 'nowhere'), 'SELECT 1'), 2, /nowhere/);
  });
});

test('help and version go to stdout', async () => {
  for (const option of ['--help', '--version']) {
    const answer = await run(sumac, [option]);
    assert.equal(answer.code, 0);
    assert.match(answer.stdout, /sumac|\d+\.\d+\.\d+/i);
    assert.equal(answer.stderr, '');
  }
});

test('an unknown key names file, line, column and the nearest known key', async () => {
  await withTemporaryFolder(async (folder) => {
    const text = spicepodText(dynalite.endpoint, ['users']).replace('    params:', '    parms:');
    await writeFile(join(folder, 'spicepod.yaml'), text);
    assertFails(await sql(folder, 'SELECT 1'), 2, /spicepod\.yaml:7:5/, /parms/, /params/);
  });
});

test('a bad dataset never hides the others', async () => {
  const gone = ['gone', { from: 'dynamodb:no_such_table' }];
  await withPod(['users', gone, 'orders'], async (folder) => {
    const good = await sql(folder, 'SELECT count(*) AS n FROM users', '--format', 'csv');
    assert.equal(good.code, 0, good.stderr);
    assert.equal(good.stdout, 'n\n10\n');
    assert.match(good.stderr, /gone/);
    const bad = await sql(folder, 'SELECT * FROM gone', '--format', 'csv');
    assertFails(bad, 1, /gone/, /no_such_table/);
  });
});

test('an unknown secret names dataset and secret', async () => {
  const secret = ['users', { params: { dynamodb_aws_session_token: '${secrets:no_such_secret}' } }];
  await withPod([secret], async (folder) => {
    const answer = await sql(folder, 'SELECT count(*) FROM users');
    assert.notEqual(answer.code, 0);
    assert.equal(answer.stdout, '');
    assert.match(answer.stderr, /users/);
    assert.match(answer.stderr, /no_such_secret/);
  });
});

test('credentials and region may come from the environment, secrets from .env', async () => {
  await withTemporaryFolder(async (folder) => {
    const strip = (text, ...keys) =>
      text.split('\n').filter((line) => !keys.some((key) => line.includes(key))).join('\n');
    const text = spicepodText(dynalite.endpoint, ['users']);
    const query = ['sql', '--spicepod', folder, '--format', 'csv', '-c', 'SELECT count(*) AS n FROM users'];

    await writeFile(join(folder, 'spicepod.yaml'), strip(text, 'access_key', 'region'));
    const env = { AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's', AWS_REGION: 'us-west-2' };
    const fromEnvironment = await run(sumac, query, { env });
    assert.equal(fromEnvironment.stdout, 'n\n10\n', fromEnvironment.stderr);
    const withoutRegion = await run(sumac, query, { env: { ...env, AWS_REGION: '' } });
    assertFails(withoutRegion, 1, /users/, /dynamodb_aws_region/, /AWS_REGION/);

    await writeFile(
      join(folder, 'spicepod.yaml'),
      text.replace('secret_access_key: test', 'secret_access_key: ${secrets:my_key}'),
    );
    await writeFile(join(folder, '.env'), 'MY_KEY=from-a-file\n');
    const fromFile = await run(sumac, query, { cwd: folder });
    assert.equal(fromFile.stdout, 'n\n10\n', fromFile.stderr);
  });
});

test('the example answers', async () => {
  await withTemporaryFolder(async (folder) => {
    const example = join(dirname(fileURLToPath(import.meta.url)), '../../examples/demo/spicepod.yaml');
    const text = await readFile(example, 'utf8');
    await writeFile(
      join(folder, 'spicepod.yaml'),
      text.replaceAll('http://127.0.0.1:8000', dynalite.endpoint),
    );
    const query = 'SELECT count(*) AS n FROM users JOIN orders ON id = customer_id';
    const answer = await sql(folder, query, '--format', 'csv');
    assert.equal(answer.stdout, 'n\n20\n', answer.stderr);
  });
});

test('a secret is never shown', async () => {
  const secret = 'Zq8SecretThatNobodyMaySee';
  const params = { dynamodb_aws_session_token: secret };
  const datasets = [['users', { params }], ['gone', { from: 'dynamodb:no_such_table', params }]];
  await withPod(datasets, async (folder) => {
    for (const text of ['SELECT count(*) FROM users', 'SELECT * FROM gone', 'SELEC']) {
      const { stdout, stderr } = await sql(folder, text);
      assert.ok(!(stdout + stderr).includes(secret));
    }
  });
});

test('the log is as loud as it is asked to be', async () => {
  await withPod(['users'], async (folder) => {
    const says = async (loadArguments, env) => {
      const query = ['sql', '--spicepod', folder, '-c', 'SELECT 1 AS a', ...loadArguments];
      const { code, stderr } = await run(sumac, query, { env });
      assert.equal(code, 0, stderr);
      return stderr.includes('debug: ') ? 'debug' : stderr.includes('info: ') ? 'info' : 'nothing';
    };
    assert.equal(await says([]), 'nothing');
    assert.equal(await says(['-v']), 'info');
    assert.equal(await says(['--log-level', 'debug']), 'debug');
    assert.equal(await says([], { SUMAC_LOG: 'debug' }), 'debug');
    assert.equal(await says(['--log-level', 'info'], { SUMAC_LOG: 'debug' }), 'info');
    const pod = join(folder, 'spicepod.yaml');
    const text = await readFile(pod, 'utf8');
    await writeFile(pod, `${text}runtime:\n  output_level: very_verbose\n`);
    assert.equal(await says([]), 'debug');
    assert.equal(await says([], { SUMAC_LOG: 'warn' }), 'nothing');
    const wrong = await run(sumac, ['sql', '-c', 'SELECT 1'], { env: { SUMAC_LOG: 'loud' } });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /SUMAC_LOG takes error, warn/);
  });
});

test('-f of a folder is one line', async () => {
  await withPod(['users'], async (folder) => {
    const answer = await run(sumac, ['sql', '--spicepod', folder, '-f', folder]);
    assert.equal(answer.code, 2, answer.stderr);
    assert.match(answer.stderr, /^error: .* is a folder; -f takes a file of SQL\n$/);
  });
});

test('a reader that leaves early ends the program', async () => {
  await withPod(['users'], async (folder) => {
    const command = `"${sumac}" sql --spicepod "${folder}" --format csv -c "SELECT range FROM range(10000000)" | head -n 1`;
    const answer = await run('bash', ['-c', command]);
    assert.equal(answer.stdout, 'range\n');
  });
});

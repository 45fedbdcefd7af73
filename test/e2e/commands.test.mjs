// The small commands: version, status, completion, validate, add.
import assert from 'node:assert/strict';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { run, startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

test('every command shows how it is used', async () => {
  const { stdout } = await run(sumac, ['--help']);
  const commands = [...stdout.split('Subcommands:')[1].split('Examples:')[0].matchAll(/^ {2}(\w+) /gm)];
  assert.ok(commands.length >= 12, stdout);
  for (const [, command] of commands) {
    const help = await run(sumac, [command, '--help']);
    assert.equal(help.code, 0, command);
    assert.match(help.stdout, new RegExp(`Examples?:\n(  .*\n)*?  .*sumac ${command}`), command);
  }
});

test('version names both programs', async () => {
  const { code, stdout } = await run(sumac, ['version']);
  assert.equal(code, 0);
  assert.match(stdout, /^sumac \d+\.\d+\.\d+\S*\nDuckDB v\d+\.\d+\.\d+\S*\n$/);
});

test('status says what listens and whether it is ready', async () => {
  await withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, ['users']);
    const server = await startServer(sumac, folder);
    const address = new URL(server.url).host;
    try {
      // Both names of the option.
      const text = await run(sumac, ['status', '--http', address]);
      assert.equal(text.code, 0, text.stderr);
      assert.match(text.stdout, /^NAME +ENDPOINT +STATUS\nhttp +127\.0\.0\.1:\d+ +Ready\n/);
      assert.match(text.stdout, /\ndatasets +N\/A +Ready\n$/);
      const json = await run(sumac, ['status', '--http-endpoint', server.url, '--format', 'json']);
      const rows = JSON.parse(json.stdout);
      assert.deepEqual(rows[0], { name: 'http', endpoint: address, status: 'Ready' });
      assert.deepEqual(rows.at(-1), { name: 'datasets', endpoint: 'N/A', status: 'Ready' });
      const csv = await run(sumac, ['status', '--http', address, '--format=csv']);
      assert.ok(csv.stdout.startsWith(`name,endpoint,status\nhttp,${address},Ready\n`), csv.stdout);
    } finally {
      await server.stop();
    }
    const gone = await run(sumac, ['status', '--http', address]);
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /^error: no Sumac answers at http:\/\/127/);
  });
});

test('status exits with 1 while a dataset cannot be queried', async () => {
  await withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, ['users', 'no_such_table']);
    const server = await startServer(sumac, folder, { ready: false });
    try {
      const { code, stdout } = await run(sumac, ['status', '--http', new URL(server.url).host]);
      assert.equal(code, 1);
      assert.match(stdout, /\ndatasets +N\/A +NotReady\n$/);
    } finally {
      await server.stop();
    }
  });
});

// What bash offers for the last of `words`.
async function completions(words, cwd) {
  const script = `source <("${sumac}" completion bash)
    complete -p sumac >/dev/null || exit 3
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _sumac; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const answer = await run('bash', ['-c', script, 'bash', ...words], { cwd });
  assert.equal(answer.stderr, '');
  return answer.stdout.split('\n').filter((word) => word !== '');
}

test('bash completes commands, options and their values', async () => {
  await withTemporaryFolder(async (folder) => {
    assert.deepEqual(await completions(['sumac', 're']), ['refresh']);
    const commands = await completions(['sumac', '']);
    for (const name of ['sql', 'run', 'status', 'completion']) assert.ok(commands.includes(name), commands);
    assert.deepEqual(await completions(['sumac', 'sql', '--exp']), ['--explain-requests']);
    assert.deepEqual(await completions(['sumac', 'sql', '--format', 'j']), ['json', 'jsonl']);
    assert.deepEqual(await completions(['sumac', 'sql', '--format', '=', 'c']), ['csv']);
    assert.deepEqual(await completions(['sumac', 'status', '--format', '=']), ['text', 'json', 'csv']);
    assert.deepEqual(await completions(['sumac', 'datasets', 'ref']), ['refresh-schema']);
    assert.deepEqual(await completions(['sumac', 'completion', 'z']), ['zsh']);
    // A value may be called as a command.
    assert.deepEqual(await completions(['sumac', 'sql', '--name', 'run', '--no-p']), ['--no-progress']);
    await writeFile(join(folder, 'my report.sql'), '');
    assert.deepEqual(await completions(['sumac', 'sql', '-f', 'my'], folder), ['my report.sql']);
    assert.deepEqual(await completions(['sumac', 'sql', '--timeout', 'm'], folder), []);
  });
});

test('the completions are the options that --help lists', async () => {
  for (const command of ['sql', 'run', 'status', 'schema']) {
    const { stdout } = await run(sumac, [command, '--help']);
    const listed = stdout.split('\n').flatMap((line) => {
      const names = /^ +((?:-[\w-]+,?)+)/.exec(line);
      return names ? names[1].split(',') : [];
    });
    const offered = (await completions(['sumac', command, '-'])).sort();
    assert.deepEqual(offered, listed.sort(), stdout);
  }
});

const someRegion = { AWS_REGION: 'us-west-2' };

test('validate has a line for what is right and for what is wrong, and uses no network', async () => {
  await withTemporaryFolder(async (folder) => {
    const text = (more) =>
      [
        'version: v1',
        'kind: Spicepod',
        'name: test',
        'datasets:',
        '  - from: dynamodb:users',
        '    name: users',
        // Nothing listens there, and nobody finds out.
        '    params: {endpoint_url: "http://127.0.0.1:1", dynamodb_aws_region: us-west-2}',
        'views:',
        '  - name: ada',
        "    sql: SELECT id FROM users WHERE name = 'Ada'",
        ...more,
        '',
      ].join('\n');
    await writeFile(join(folder, 'spicepod.yaml'), text([]));
    const right = await run(sumac, ['validate'], { cwd: folder });
    assert.equal(right.stderr, '');
    assert.equal(
      right.stdout,
      "ok: dataset 'users' (dynamodb:users)\nok: view 'ada' over users\n1 dataset, 1 view: nothing is wrong\n",
    );
    assert.equal(right.code, 0);

    const faults = [
      '  - name: eve',
      '    sql: SELECT * FROM userz',
      '  - name: broken',
      '    sql: SELECT FROM WHERE',
      'runtime:',
      '  tls: {enabled: true, certificate_file: no.pem, key_file: no.pem}',
    ];
    await writeFile(join(folder, 'spicepod.yaml'), text(faults));
    const wrong = await run(sumac, ['validate', folder]);
    assert.match(wrong.stdout, /^ok: dataset 'users' .*\nok: view 'ada' .*\n1 dataset, 3 views: 3 faults\n$/);
    const errors = wrong.stderr.split('\n').filter((line) => line.startsWith('error: '));
    assert.equal(errors.length, 3, wrong.stderr);
    assert.match(errors[0], /spicepod\.yaml:11:\d+: view 'eve': .*'userz'; did you mean 'users'/);
    assert.match(errors[1], /spicepod\.yaml:13:\d+: view 'broken': /);
    assert.match(errors[2], /no\.pem/);
    assert.equal(wrong.code, 2);

    await writeFile(join(folder, 'spicepod.yaml'), text(['colour: blue']));
    const unknown = await run(sumac, ['validate', folder]);
    assert.match(unknown.stderr, /^error: \S*spicepod\.yaml:11:1: unknown key 'colour'[^\n]*\n$/);
    assert.equal(unknown.code, 2);

    await writeFile(join(folder, 'spicepod.yaml'), 'version: v1\nkind: Spicepod\nname: [\n');
    const unreadable = await run(sumac, ['validate', folder]);
    assert.match(unreadable.stderr, /^error: .*spicepod\.yaml:\d+:\d+: [^\n]+\n$/);
    assert.equal(unreadable.code, 2);
  });
});

test('add writes a dataset that sql then reads', async () => {
  await withTemporaryFolder(async (folder) => {
    const file = join(folder, 'spicepod.yaml');
    const add = (...more) => run(sumac, ['add', ...more], { cwd: folder, env: someRegion });
    const none = await add('dynamodb:users');
    assert.match(none.stderr, /^error: there is no spicepod\.yaml in \.; run sumac init/);
    assert.equal(none.code, 2);

    assert.equal((await run(sumac, ['init', 'app'], { cwd: folder })).code, 0);
    await chmod(file, 0o640);
    const before = await readFile(file, 'utf8');
    const parameters = [
      `endpoint_url=${dynalite.endpoint}`,
      'dynamodb_aws_access_key_id=test',
      'dynamodb_aws_secret_access_key=${env:SECRET}',
    ].flatMap((parameter) => ['--param', parameter]);
    const added = await run(sumac, ['add', 'dynamodb:users', '--name', 'people', ...parameters], {
      cwd: folder,
      env: { ...someRegion, SECRET: 'test' },
    });
    assert.equal(added.stdout, "Added dataset 'people' (dynamodb:users) to spicepod.yaml.\n");
    assert.equal(added.stderr, '');
    assert.equal(added.code, 0);
    assert.ok((await readFile(file, 'utf8')).startsWith(before));
    assert.equal((await stat(file)).mode & 0o777, 0o640);
    const query = ['sql', '--format', 'csv', '-c', 'SELECT count(*) AS n FROM people'];
    const answer = await run(sumac, query, { cwd: folder, env: { ...someRegion, SECRET: 'test' } });
    assert.equal(answer.stdout, 'n\n10\n', answer.stderr);

    const text = await readFile(file, 'utf8');
    const again = await add('dynamodb:users', '--name', 'People');
    assert.match(again.stderr, /spicepod\.yaml:\d+:\d+ has a dataset 'People' already/);
    assert.equal(again.code, 2);
    assert.match((await add('users')).stderr, /add takes connector:path/);
    assert.equal(await readFile(file, 'utf8'), text);

    // It is written, and what is wrong with it is said.
    const wrong = await add('dynamodb:orders', '--param', 'scan_segments=many', '--accelerate');
    assert.match(wrong.stdout, /^Added dataset 'orders'/);
    assert.match(wrong.stderr, /^error: dataset 'orders': parameter 'scan_segments'/);
    assert.equal(wrong.code, 2);
    const plain = await add('dynamodb:a', '--param', 'dynamodb_aws_secret_access_key=abc');
    assert.match(plain.stderr, /^warning: parameter 'dynamodb_aws_secret_access_key' stands in the file/);
  });
});

// The small commands: version, status, completion, validate, add.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { run, startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

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

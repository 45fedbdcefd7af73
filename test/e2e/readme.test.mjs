// README.md tells the truth: every command in a ```console block runs, and prints what stands there.
//
// A block is lines `$ command`, each followed by its output. It runs in a temporary folder that looks
// like a clone with the program built: build/release/sumac is the program under test, examples/ is a
// copy. A server with the demo's tables stands in for http://127.0.0.1:8000. Only stdout is compared;
// seconds in a footer may differ.
import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { run, withTemporaryFolder } from '../support/program.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const documentedEndpoint = 'http://127.0.0.1:8000';
const dynalite = sharedDynalite(before, after);

// [{line, commands: [{line, command, output}]}]
function consoleBlocks(markdown) {
  const blocks = [];
  let block = null;
  markdown.split('\n').forEach((text, index) => {
    if (block === null) {
      if (text.trim() === '```console') blocks.push((block = { line: index + 1, commands: [] }));
    } else if (text.startsWith('```')) {
      block = null;
    } else if (text.startsWith('$ ')) {
      block.commands.push({ line: index + 1, command: text.slice(2), output: '' });
    } else {
      const last = block.commands.at(-1);
      assert.ok(last, `README.md:${index + 1}: output before any command`);
      // A command goes on while its line ends in a backslash or its quotes are open.
      if (continues(last.command) && last.output === '') last.command += `\n${text.replace(/^> /, '')}`;
      else last.output += `${text}\n`;
    }
  });
  return blocks;
}

function continues(command) {
  if (command.endsWith('\\')) return true;
  let quote = null;
  for (let i = 0; i < command.length; ++i) {
    if (quote === null && command[i] === '\\') i += 1;
    else if (quote === null && (command[i] === '"' || command[i] === "'")) quote = command[i];
    else if (command[i] === quote) quote = null;
  }
  return quote !== null;
}

const comparable = (text) =>
  text.replaceAll(/\d+(\.\d+)? (seconds|s)\b/g, 'N $2').replace(/\s+$/, '');

async function prepare(folder) {
  await mkdir(join(folder, 'build/release'), { recursive: true });
  await symlink(sumac, join(folder, 'build/release/sumac'));
  await cp(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  for (const example of await readdir(join(folder, 'examples'))) {
    const path = join(folder, 'examples', example, 'spicepod.yaml');
    const text = await readFile(path, 'utf8').catch(() => null);
    // Not every example is a Spicepod.
    if (text === null) continue;
    await writeFile(path, text.replaceAll(documentedEndpoint, dynalite.endpoint));
  }
}

test('README.md shows what happens', async () => {
  const blocks = consoleBlocks(await readFile(join(root, 'README.md'), 'utf8'));
  assert.ok(blocks.length > 0, 'README.md has no console block');
  await withTemporaryFolder(async (folder) => {
    await prepare(folder);
    for (const { command, output, line } of blocks.flatMap((block) => block.commands)) {
      const actual = await run(
        'bash',
        ['-c', command.replaceAll(documentedEndpoint, dynalite.endpoint)],
        { cwd: folder, env: { PATH: `${dirname(sumac)}:${process.env.PATH}` } },
      );
      assert.equal(
        comparable(actual.stdout.replaceAll(dynalite.endpoint, documentedEndpoint)),
        comparable(output),
        `README.md:${line}: ${command}\nstderr: ${actual.stderr}`,
      );
    }
  });
});

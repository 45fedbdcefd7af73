// scripts/check_layers sees what it is there for: each kind of breach, and nothing else.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { run, withTemporaryFolder } from '../support/program.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const script = join(root, 'scripts/check_layers');

async function check(path, text) {
  return withTemporaryFolder(async (folder) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    return run(script, [folder]);
  });
}

const breaches = [
  ['net/transport.h', '#include "aws/sigv4.h"', /net\/transport\.h:1: .*net may not know aws/],
  ['dynamodb/a/b.cc', '\n  #  include "items/schema.h"', /dynamodb\/a\/b\.cc:2: .*items/],
  ['spicepod/x.cc', '#include "engine/session.h"', /spicepod may not know engine/],
  ['items/x.cc', '#include <curl/curl.h>', /belongs into net/],
  ['dynamodb/x.h', '#include <duckdb.hpp>', /belongs into items/],
  ['net/x.cc', '#include "transport.h"', /path from src/],
  ['net/x.cc', '#include "../base/error.h"', /path from src/],
  ['engine/x.cc', '#include "fake_dynamodb/fake_dynamodb.h"', /path from src/],
  ['helpers/x.cc', '', /does not know/],
];
for (const [path, text, pattern] of breaches) {
  test(`${path} with ${JSON.stringify(text)} is refused`, async () => {
    const { code, stderr } = await check(path, text);
    assert.equal(code, 1, stderr);
    assert.match(stderr, pattern);
  });
}

const allowed = [
  ['cli/x.cc', '#include "base/error.h"\n#include "engine/session.h"\n#include <CLI/CLI.hpp>'],
  ['datasets/x_test.cc', '#include "fake_dynamodb/fake_dynamodb.h"'],
  ['dynamodb/x.cc', '#include "sumac_version.h"\n#include <vector>\n#include <fmt/format.h>'],
];
for (const [path, text] of allowed) {
  test(`${path} with ${JSON.stringify(text)} is fine`, async () => {
    const { code, stderr } = await check(path, text);
    assert.equal(code, 0, stderr);
  });
}

test('ARCHITECTURE.md shows the rooms that exist', async () => {
  const { readdir, readFile } = await import('node:fs/promises');
  const architecture = await readFile(join(root, 'ARCHITECTURE.md'), 'utf8');
  for (const entry of await readdir(join(root, 'src'), { withFileTypes: true })) {
    if (entry.isDirectory()) assert.ok(architecture.includes(`| \`${entry.name}/\` |`), entry.name);
  }
});

// The prompt, as it is typed at and looked at: in a terminal of tmux.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);
const waitMaxMs = 20_000;

function hasTmux() {
  try {
    execFileSync('tmux', ['-V']);
    return true;
  } catch {
    return false;
  }
}

// Runs use({type(...keys), see(pattern), screen()}) at a prompt in a terminal of this width.
const withPrompt = (width, use) =>
  withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, ['users']);
    const socket = join(folder, 'tmux');
    const tmux = (...words) => execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], { encoding: 'utf8' });
    const command = `env HOME='${folder}' LANG=C.UTF-8 AWS_EC2_METADATA_DISABLED=true '${sumac}' sql --spicepod '${folder}'`;
    tmux('new-session', '-d', '-x', String(width), '-y', '50', command);
    const screen = () => tmux('capture-pane', '-p').trimEnd();
    // Resolves to the screen once it shows the pattern.
    const see = async (pattern) => {
      const deadline = Date.now() + waitMaxMs;
      while (!pattern.test(screen())) {
        assert.ok(Date.now() < deadline, `no ${pattern} in:\n${screen()}`);
        await delay(20);
      }
      return screen();
    };
    // tmux takes a ';' at the end for its own.
    const type = (...keys) => tmux('send-keys', ...keys.map((key) => key.replace(/;$/, '\\;')));
    try {
      await see(/sql>$/);
      await use({ type, see, screen });
    } finally {
      tmux('kill-server');
    }
  });

const options = { skip: hasTmux() ? false : 'needs tmux' };

test('Tab completes tables, columns and keywords', options, async () => {
  await withPrompt(100, async ({ type, see }) => {
    type('sel', 'Tab', ' em', 'Tab');
    await see(/sql> select em$/);
    type(' FROM us', 'Tab');
    await see(/select em FROM users$/);
    for (let i = 0; i < ' FROM users'.length; ++i) type('Left');
    type('Tab');
    await see(/sql> select email FROM users$/);
    type('End', ' ORDER BY id LIMIT 1;', 'Enter');
    await see(/\| ada@example\.com \|/);
    // Several candidates are listed, and what was typed stays.
    type('SELECT * FROM users WHERE e', 'Tab');
    await see(/\nelse +.*\n[^]*sql> SELECT \* FROM users WHERE e$|email +else[^]*sql> SELECT \* FROM users WHERE e$/);
    type('C-c');
    await see(/\^C\nsql>$/);
  });
});

test('commands list tables, change how rows look, and leave', options, async () => {
  await withPrompt(100, async ({ type, see }) => {
    type('\\dt', 'Enter');
    await see(/\| public +\| users +\| dataset \|/);
    type('\\d users', 'Enter');
    await see(/\| email +\| Utf8 /);
    type('.mode csv', 'Enter');
    await see(/Rows are printed as csv\./);
    type("SELECT 1 AS a, 'x' AS b;", 'Enter');
    await see(/\na,b\n1,x\n\nTime: /);
    type('\\timing', 'Enter');
    await see(/Timing is off\./);
    type('\\x', 'Enter', "SELECT 22 AS a, 'y' AS long;", 'Enter');
    const expanded = await see(/-- row 1 --\na +\| 22\nlong \| y\n/);
    assert.ok(!expanded.split('-- row 1 --')[1].includes('Time:'), expanded);
    type('.mode bad', 'Enter');
    await see(/error: \.mode takes table, line, csv, json or jsonl, not 'bad'/);
    type('\\nothing', 'Enter');
    await see(/error: there is no command '\\nothing'/);
    type('\\?', 'Enter');
    await see(/\\timing +print how long/);
  });
});

test('a wide table is cut to the terminal', options, async () => {
  await withPrompt(40, async ({ type, see }) => {
    type("SELECT 1 AS a, repeat('x', 60) AS b, 2 AS c, 3 AS dddddddddddddd, 4 AS e;", 'Enter');
    const text = await see(/columns? (is|are) not shown/);
    assert.match(text, /\| 1 \| x+… \| 2 \|\n/);
    assert.match(text, /2 columns are not shown: dddddddddddddd,\s+e; \.mode line shows all/);
  });
});

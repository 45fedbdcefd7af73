// The prompt, as it is typed at and looked at: in a terminal of tmux.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
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

// Runs use({type(...keys), see(pattern), seeColors(pattern), screen(), tmux(...words), folder}) at a prompt in a
// terminal of this width. `before` prepares the folder, which is the user's home.
const withPrompt = (width, use, { env = '', before = async () => {} } = {}) =>
  withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, ['users']);
    await before(folder);
    const socket = join(folder, 'tmux');
    const tmux = (...words) => execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], { encoding: 'utf8' });
    const command = `env HOME='${folder}' LANG=C.UTF-8 AWS_EC2_METADATA_DISABLED=true ${env} '${sumac}' sql --spicepod '${folder}'`;
    tmux('new-session', '-d', '-c', folder, '-x', String(width), '-y', '50', `stty -a > before; ${command}; stty -a > after; echo left; sleep 600`);
    const screen = (...more) => tmux('capture-pane', '-p', ...more).trimEnd();
    // Resolves to the screen once it shows the pattern.
    const seeScreen = async (pattern, ...more) => {
      const deadline = Date.now() + waitMaxMs;
      while (!pattern.test(screen(...more))) {
        assert.ok(Date.now() < deadline, `no ${pattern} in:\n${screen(...more)}`);
        await delay(20);
      }
      return screen(...more);
    };
    const see = (pattern) => seeScreen(pattern);
    const seeColors = (pattern) => seeScreen(pattern, '-e');
    // tmux takes a ';' at the end for its own.
    const type = (...keys) => tmux('send-keys', ...keys.map((key) => key.replace(/;$/, '\\;')));
    const paste = (text) => {
      tmux('set-buffer', text.replace(/;$/, '\\;'));
      tmux('paste-buffer', '-p');
    };
    const terminal = { type, see, seeColors, screen, tmux, paste, folder };
    try {
      await see(/sql>$/);
      await use(terminal);
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

test('SQL is colored while it is typed, unless NO_COLOR is set', options, async () => {
  await withPrompt(100, async ({ type, seeColors }) => {
    type("SELECT 1, $1 FROM x -- a", 'Enter', "'text");
    await seeColors(/\x1b\[1m\x1b\[34mSELECT\x1b\[0m\x1b\[39m\x1b\[49m \x1b\[36m1\x1b\[39m, \x1b\[33m\$1/);
    await seeColors(/\x1b\[90m-- a/);
    // A string that is not closed is one.
    await seeColors(/\x1b\[32m'text$/);
    type('Up', 'End', 'BSpace', 'BSpace', 'BSpace', 'BSpace', 'C-k', "'", '*/ select');
    await seeColors(/x \x1b\[32m'\*\/ select'\x1b\[39mtext$/);
  });
  await withPrompt(100, async ({ type, see, screen }) => {
    type("SELECT 'text", 'Tab', '1');
    await see(/sql> SELECT 'text1$/);
    assert.ok(!screen('-e').includes('\x1b['), screen('-e'));
  }, { env: 'NO_COLOR=1' });
});

test('a statement of several lines is edited as one, and comes back from the history as one', options, async () => {
  await withPrompt(60, async ({ type, see, folder, tmux }) => {
    type('SELECT 1 AS one', 'Enter', '  , 2 AS two', 'Enter', ';');
    await see(/sql> SELECT 1 AS one\n {2}-> {3}, 2 AS two\n {2}-> ;$/);
    // The cursor goes from line to line.
    type('Up', 'Up', 'End', '3');
    await see(/AS one3\n {2}-> {3}, 2 AS two\n {2}-> ;$/);
    type('Enter');
    await see(/\| one3 \| two \|/);
    type('Up');
    await see(/Time[^]*sql> SELECT 1 AS one3\n {2}-> {3}, 2 AS two\n {2}-> ;$/);
    type('C-c');
    const left = await see(/;\^C\nsql>$/);
    assert.equal(left.match(/SELECT 1 AS one3/g).length, 2, left);
    assert.match(await readFile(join(folder, '.sumac_history'), 'utf8'), /^_HiStOrY_V2_\nSELECT\\0401\\040AS\\040one3\\012\\040\\040,.*\\012;\n$/);
    assert.equal((await stat(join(folder, '.sumac_history'))).mode & 0o777, 0o600);
    tmux('resize-window', '-x', '62');
    type('C-d');
    await see(/left$/);
    assert.equal(await readFile(join(folder, 'after'), 'utf8'), (await readFile(join(folder, 'before'), 'utf8')).replace('columns 60', 'columns 62'));
  });
});

test('Ctrl-R searches what was typed before, which moves nothing on the screen', options, async () => {
  await withPrompt(60, async ({ type, see }) => {
    type('C-r', 'ol');
    await see(/\(search 'ol'\) SELECT 'old\\x1b\[2J'\n {2}-> AS a;$/);
    type('x');
    await see(/\(failed search 'olx'\) SELECT 'old/);
    type('BSpace', 'C-r');
    await see(/\(search 'ol'\) SELECT 'older';$/);
    type('Enter');
    await see(/\| older +\|/);
    type('Up', 'Up', 'Up');
    await see(/Time[^]*sql> SELECT 'old\\x1b\[2J'/);
  }, { before: (folder) => writeFile(join(folder, '.sumac_history'), "_HiStOrY_V2_\nSELECT\\040'older';\nSELECT\\040'old\\^[[2J'\\012AS\\040a;\nSELECT\\0402;\n") });
});

test('what is pasted waits for Enter, and runs up to what fails', options, async () => {
  await withPrompt(60, async ({ type, see, paste }) => {
    paste('SELECT 1 AS a,\n\t2 AS b;\n\\timing\nSELECT 3 \x1b[2J AS c;\nSELECT 4 AS d;\n');
    await see(/sql> SELECT 1 AS a,\n {2}-> {5}2 AS b;\n {2}-> \\timing\n {2}-> SELECT 3 \[2J AS c;\n {2}-> SELECT 4 AS d;\n {2}->$/);
    type('Enter');
    const shown = await see(/error[^]*sql>$/);
    assert.match(shown, /\| 1 \| 2 \|[^]*Timing is off\.\nerror: /);
    assert.doesNotMatch(shown, /\| d \|/);
    type('Up', 'C-u');
    await see(/error[^]*sql> SELECT 1 AS a,\n/);
  });
});

test('text is broken at the margin, and anew when the window changes', options, async () => {
  await withPrompt(40, async ({ type, see, tmux }) => {
    type("SELECT '0123456789012345678901234567890123456789中e\u0301\u{1F600}' AS", 'Enter', 'b');
    await see(/sql> SELECT '01234567890123456789012345\n67890123456789中e\u0301\u{1F600}' AS\n {2}-> b$/u);
    tmux('resize-window', '-x', '30');
    await see(/\nsql> SELECT '0123456789012345\n678901234567890123456789中e\u0301\u{1F600}\n' AS\n {2}-> b$/u);
    tmux('resize-window', '-x', '80');
    const shown = await see(/sql> SELECT '0123456789012345678901234567890123456789中e\u0301\u{1F600}' AS\n {2}-> b$/u);
    assert.equal(shown.match(/sql>/g).length, 1, shown);
    assert.match(shown, /show tables; -- list available tables\nsql>/);
    // The cursor is where it looks to be.
    type('Up', 'End', 'Left', 'Left', 'Left', 'Left', 'BSpace', 'BSpace', 'x;');
    await see(/456789中x;' AS\n {2}-> b$/u);
  });
});

test('Ctrl-C cancels a query, and the rest of what was pasted with it', options, async () => {
  await withPrompt(60, async ({ type, see, paste }) => {
    paste('SELECT count(*) FROM range(100000000000);\nSELECT 5 AS five;');
    await see(/five;$/);
    type('Enter');
    await see(/working/);
    type('C-c');
    await see(/error: The query was cancelled\.\nsql>$/);
    type('SELECT 6 AS six;', 'Enter');
    assert.doesNotMatch(await see(/\| six \|/), /\| five \|/);
  });
});

test('a terminal that cannot be drawn on has a plain prompt, and signals leave it as it was', options, async () => {
  await withPrompt(60, async ({ type, see, screen }) => {
    type('SELECT 1', 'Enter');
    await see(/->$/);
    type('AS one;', 'Enter');
    await see(/sql> SELECT 1\n {2}-> AS one;\n[^]*\| 1 +\|/);
    assert.ok(!screen('-e').includes('\x1b['), screen('-e'));
    type('exit', 'Enter');
    await see(/left$/);
  }, { env: 'TERM=dumb' });
  for (const signal of ['TERM', 'HUP']) {
    await withPrompt(60, async ({ type, see, folder, tmux }) => {
      type('SELECT 1 FROM us', 'Tab');
      await see(/FROM users$/);
      const shell = tmux('display', '-p', '#{pane_pid}').trim();
      const children = await readFile(`/proc/${shell}/task/${shell}/children`, 'utf8');
      process.kill(Number(children.trim()), `SIG${signal}`);
      await see(/left$/);
      assert.equal(await readFile(join(folder, 'after'), 'utf8'), await readFile(join(folder, 'before'), 'utf8'));
    });
  }
});

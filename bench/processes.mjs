// Runs programs and measures them: when their output came, the CPU time and the peak memory they
// took. Nothing started here outlives the bench.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

// No credentials or settings of the machine count.
const environment = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  LANG: 'C.UTF-8',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_REGION: 'us-west-2',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  NODE_NO_WARNINGS: '1',
};

export function start(program, programArguments, { timeoutMs } = {}) {
  const child = spawn(program, programArguments, { env: environment, stdio: 'pipe' });
  children.add(child);
  const killer = timeoutMs && setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  child.errors = '';
  child.stderr.on('data', (chunk) => (child.errors = (child.errors + chunk).slice(-10_000)));
  child.exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  }).finally(() => {
    clearTimeout(killer);
    children.delete(child);
  });
  return child;
}

// Runs to the end and resolves to what it printed.
export async function output(program, programArguments, { timeoutMs = 600_000 } = {}) {
  const child = start(program, programArguments, { timeoutMs });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stdin.end();
  const code = await child.exited;
  if (code !== 0) {
    const reason = child.errors.split('\n').find((line) => /error/i.test(line)) ?? child.errors;
    throw new Error(`${basename(program)} ended with ${code}: ${reason}`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export const outputJson = async (...runArguments) => JSON.parse(await output(...runArguments));

const ticksPerSecond = 100; // USER_HZ, which is 100 on every Linux that node runs on

// CPU time and peak memory of a process so far; null when it has ended.
function readUsage(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    if (!peak) return null;
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
      peakBytes: Number(peak[1]) * 1024,
    };
  } catch {
    return null;
  }
}

const beginMark = 'bench-begin';
const endMark = 'bench-end';
const pollMs = 20;

// Runs one statement in `sumac sql`, between two marks that it prints itself, so that what starting
// and loading take is told apart. Resolves to {output, startSeconds, firstRowSeconds, seconds,
// cpuSeconds, peakBytes, warnings}; the CPU time is that of the statement, the peak that of the
// process. `options.setUp` is a statement before the first mark.
export async function measureStatement(sumac, sourceArguments, statement, options = {}) {
  const { onBegin, setUp, timeoutMs = 600_000 } = options;
  const spawned = performance.now();
  const sql = `${setUp ? `${setUp}; ` : ''}SELECT '${beginMark}' AS mark; ${statement}; SELECT '${endMark}' AS mark`;
  const child = start(sumac, ['sql', ...sourceArguments, '--format', 'csv', '-c', sql], { timeoutMs });
  child.stdin.end();
  const at = {};
  let usage = readUsage(child.pid);
  let before = null;
  let text = '';
  const poll = setInterval(() => (usage = readUsage(child.pid) ?? usage), pollMs);
  child.stdout.on('data', (chunk) => {
    const now = performance.now();
    text += chunk.toString('latin1');
    usage = readUsage(child.pid) ?? usage;
    if (!at.begin && text.includes(beginMark)) {
      at.begin = now;
      before = usage;
      onBegin?.();
    }
    // The header of the answer, and a row.
    const answer = text.slice(text.indexOf(beginMark) + beginMark.length + 1);
    if (at.begin && !at.firstRow && answer.split('\n').length > 2) at.firstRow = now;
    if (!at.end && text.includes(endMark)) {
      at.end = now;
      clearInterval(poll);
    }
  });
  const code = await child.exited;
  clearInterval(poll);
  if (code !== 0 || !at.end) throw new Error(`sumac ended with ${code}: ${child.errors}`);
  return {
    output: text,
    startSeconds: (at.begin - spawned) / 1000,
    firstRowSeconds: (at.firstRow - at.begin) / 1000,
    seconds: (at.end - at.begin) / 1000,
    cpuSeconds: usage.cpuSeconds - before.cpuSeconds,
    peakBytes: usage.peakBytes,
    warnings: child.errors,
  };
}

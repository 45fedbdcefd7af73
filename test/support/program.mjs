// Runs the built program, for the SQL cases and the end-to-end tests. Nothing started here outlives
// the test process.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export const startTimeoutMs = 120_000;
const stopTimeoutMs = 10_000;

// An environment in which no credentials or settings of the machine count.
const cleanEnvironment = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  LANG: 'C.UTF-8',
  // What is on this machine's link is not the test's.
  AWS_EC2_METADATA_DISABLED: 'true',
  ...(process.env.ASAN_OPTIONS ? { ASAN_OPTIONS: process.env.ASAN_OPTIONS } : {}),
};

const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

function start(program, programArguments, { cwd, env = {}, stdio } = {}) {
  const child = spawn(program, programArguments, { cwd, stdio, env: { ...cleanEnvironment, ...env } });
  children.add(child);
  child.exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  }).finally(() => children.delete(child));
  return child;
}

function collect(stream) {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

// Runs to the end; resolves to {code, stdout, stderr}. `input` goes to its standard input.
export async function run(program, programArguments, { input = '', ...options } = {}) {
  const child = start(program, programArguments, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  child.stdin.on('error', () => {}); // It may end without reading.
  child.stdin.end(input);
  const code = await child.exited;
  return { code, stdout: stdout(), stderr: stderr() };
}

export async function withTemporaryFolder(use) {
  const folder = await mkdtemp(join(tmpdir(), 'sumac-test-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// A Spicepod for dynalite. `datasets` is a list of names, or of [name, {from, params, acceleration}];
// `views` has the SQL of each.
export function spicepodText(
  endpoint,
  datasets,
  { accelerated = false, accelerationParams = {}, views = {} } = {},
) {
  const lines = ['version: v1', 'kind: Spicepod', 'name: test', 'datasets:'];
  for (const dataset of datasets) {
    const [name, extra] = Array.isArray(dataset) ? dataset : [dataset, {}];
    lines.push(
      `  - from: ${extra.from ?? `dynamodb:${name}`}`,
      `    name: ${name}`,
      '    params:',
      `      endpoint_url: ${endpoint}`,
      '      dynamodb_aws_region: us-west-2',
      '      dynamodb_aws_access_key_id: test',
      '      dynamodb_aws_secret_access_key: test',
      ...Object.entries(extra.params ?? {}).map(([key, value]) => `      ${key}: ${value}`),
    );
    if (!(extra.accelerated ?? accelerated)) continue;
    lines.push('    acceleration:', '      enabled: true');
    const params = Object.entries(accelerationParams).map(([key, value]) => `        ${key}: ${value}`);
    if (params.length > 0) lines.push('      params:', ...params);
  }
  lines.push('views:');
  for (const [name, sql] of Object.entries(views)) {
    lines.push(`  - name: ${JSON.stringify(name)}`, `    sql: ${JSON.stringify(sql)}`);
  }
  return lines.join('\n') + '\n';
}

export async function writeSpicepod(folder, ...podArguments) {
  await writeFile(join(folder, 'spicepod.yaml'), spicepodText(...podArguments));
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// Asks over TLS, where fetch() cannot be told whom to trust. `options` are those of https.request.
// Resolves to {status, headers, text, certificate}, the last being what the server has shown.
export const askOverTls = (url, { body, ...options } = {}) =>
  new Promise((resolve, reject) => {
    const request = httpsRequest(url, { agent: false, ...options }, (response) => {
      const certificate = response.socket.getPeerCertificate();
      const text = collect(response);
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, text: text(), certificate }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });

async function answers(url, expectedStatuses, ca) {
  try {
    const response = await (ca ? askOverTls(url, { ca }) : fetch(url));
    if (!ca) await response.text();
    return expectedStatuses.includes(response.status);
  } catch {
    return false;
  }
}

// Starts `sumac run FOLDER` and resolves to {url, stderr(), stop(), kill(), signal(name), exited} once it is ready; with
// `ready: false`, once it answers at all. `more` are further arguments. With `ca`, an authority's
// certificate, it serves over TLS. `kill` leaves it no time to end in order.
export async function startServer(program, folder, { ready = true, env, flight = 'off', more = [], ca } = {}) {
  const port = await freePort();
  const url = `${ca ? 'https' : 'http'}://127.0.0.1:${port}`;
  const child = start(program, ['run', folder, '--http', `127.0.0.1:${port}`, '--flight', flight, ...more], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  let exitCode = null;
  child.exited.then((code) => (exitCode = code), (error) => (exitCode = error.message));
  const deadline = Date.now() + startTimeoutMs;
  while (!(await answers(`${url}/v1/ready`, ready ? [200] : [200, 503], ca))) {
    if (exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`sumac run is not ready (exit code ${exitCode}):\n${stderr()}`);
    }
    await delay(20);
  }
  const stop = async () => {
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    const code = await child.exited;
    clearTimeout(killer);
    return { code, stdout: stdout(), stderr: stderr() };
  };
  const kill = async () => {
    child.kill('SIGKILL');
    await child.exited;
  };
  const signal = (name) => child.kill(name);
  return { url, pid: child.pid, stderr, stop, kill, signal, exited: child.exited };
}

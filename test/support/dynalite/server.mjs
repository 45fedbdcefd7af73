// Starts dynalite (start.mjs) as a child process, for tests.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const startScript = join(dirname(fileURLToPath(import.meta.url)), 'start.mjs');

// Resolves to {endpoint, stop()} once the tables are filled. The child ends with stop(), and at the
// latest when this process does, because its standard input closes then.
export async function startDynalite(...startArguments) {
  const child = spawn(process.execPath, [startScript, ...startArguments], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const lines = createInterface({ input: child.stdout });
  const endpoint = await new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length));
    });
    exited.then((code) => reject(new Error(`dynalite ended with exit code ${code}`)));
  });
  const stop = async () => {
    child.stdin.end();
    await exited;
  };
  return { endpoint, stop };
}

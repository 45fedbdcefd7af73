// Runs the program fake_dynamodb_server: a DynamoDB that checks signatures and says who asked.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const asSigner = ({ accessKeyId, secretAccessKey, sessionToken = '', region = '' }) => ({
  access_key_id: accessKeyId,
  secret_access_key: secretAccessKey,
  session_token: sessionToken,
  region,
});

// Starts `program` and resolves to {endpoint, requests, fault(order), stop()}.
//   signers   [{accessKeyId, secretAccessKey, sessionToken?, region?}]: who may ask; without a region,
//             for any
//   tables, faults, clock_offset_minutes, ...: see server_configuration.h
// `requests` are {operation, access_key_id, region, session_token, host, error, signature_right,
// status}: all those whose answer has come.
export async function startFakeDynamodb(program, { signers, ...configuration }) {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const requests = [];
  const confirmations = [];
  const lines = createInterface({ input: child.stdout });
  const closed = new Promise((resolve) => lines.once('close', resolve));
  child.stdin.on('error', () => {}); // It may end without reading.
  const endpoint = await new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length));
      else if (line === 'fault') confirmations.shift()?.();
      else requests.push(JSON.parse(line));
    });
    exited.then((code) => reject(new Error(`${program} ended with exit code ${code}`)), reject);
    child.stdin.write(`${JSON.stringify({ signers: signers.map(asSigner), ...configuration })}\n`);
  });
  // Resolves once the fault is in place.
  const fault = (order) =>
    new Promise((resolve) => {
      confirmations.push(resolve);
      child.stdin.write(`${JSON.stringify(order)}\n`);
    });
  // Resolves when every request that was answered is in `requests`.
  const stop = async () => {
    child.stdin.end();
    await Promise.all([exited, closed]);
  };
  return { endpoint, requests, fault, stop };
}

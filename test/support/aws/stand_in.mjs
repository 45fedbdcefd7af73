// What every stand-in for a service has in common: an HTTP server on the loopback interface that
// records what it was asked, what was wrong with it, and that can be told to misbehave.
//
// A stand-in has:
//   url       "http://127.0.0.1:PORT"
//   requests  [{method, path, query, headers, body}] in the order of arrival
//   problems  what a correct client would not have sent, as texts; a test asserts that it is empty
//   faults    the queue of what shall go wrong; a test may push to it at any time
//   stop()    closes all connections, answered or not
//
// A fault takes the place of the answer of the next request that it applies to:
//   {status, body, headers}  this answer instead
//   {cut: true}              closes the connection without an answer
//   {malformed: true}        half of the right body
//   {slow: true}             no answer until stop()
// and may narrow with `path` (exact) and `method`, and last for `count` requests (default 1).
import { createServer } from 'node:http';

const bodyBytesMax = 1 << 20;

async function readBody(incoming) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new Error('the body of the request is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function takeFault(faults, request) {
  const index = faults.findIndex(
    ({ method, path }) =>
      (method === undefined || method === request.method) &&
      (path === undefined || path === request.path),
  );
  if (index < 0) return undefined;
  const fault = faults[index];
  fault.remaining = (fault.remaining ?? fault.count ?? 1) - 1;
  if (fault.remaining <= 0) faults.splice(index, 1);
  return fault;
}

function write(outgoing, { status = 200, headers = {}, body = '' }) {
  outgoing.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  outgoing.end(body);
}

// `answer(request, problem)` returns {status, headers, body}; it calls `problem(text)` for each
// mismatch. It is not called for requests that a fault answers, except by a malformed one.
export async function startStandIn({ host = '127.0.0.1', faults = [] }, answer) {
  const standIn = { requests: [], problems: [], faults: faults.map((fault) => ({ ...fault })) };
  const problem = (text) => standIn.problems.push(text);

  const serve = async (incoming, outgoing) => {
    const target = new URL(incoming.url, 'http://stand-in');
    const request = {
      method: incoming.method,
      path: target.pathname,
      target: incoming.url,
      query: target.searchParams,
      headers: incoming.headers,
      body: await readBody(incoming),
    };
    standIn.requests.push(request);
    const fault = takeFault(standIn.faults, request);
    if (fault?.slow) return;
    if (fault?.cut) {
      incoming.socket.destroy();
    } else if (fault?.malformed) {
      const whole = answer(request, problem);
      write(outgoing, { ...whole, body: whole.body.slice(0, whole.body.length / 2) });
    } else {
      write(outgoing, fault ?? answer(request, problem));
    }
  };

  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error) => {
      problem(`${incoming.method} ${incoming.url}: ${error.message}`);
      incoming.socket.destroy();
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const { port } = server.address();
  standIn.url = host.includes(':') ? `http://[${host}]:${port}` : `http://${host}:${port}`;
  standIn.stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return standIn;
}

// A time given as Date, as ISO 8601 text, or as seconds from now, which may be negative.
export function asDate(time) {
  if (typeof time === 'number') return new Date(Date.now() + time * 1000);
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw new Error(`not a time: ${time}`);
  return date;
}

// "2026-01-02T03:04:05Z", as services write it.
export const asIsoText = (time) => asDate(time).toISOString().replace(/\.\d{3}Z$/, 'Z');

// Credentials, or a list of them for one request after the other; the last one repeats.
export function rotation(credentials) {
  const list = Array.isArray(credentials) ? credentials : [credentials];
  let next = 0;
  return () => list[Math.min(next++, list.length - 1)];
}

export const jsonAnswer = (status, document, headers = {}) => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(document),
});

// Puts TLS in front of a server that has none: ends the TLS connection with a given certificate and
// passes the bytes on. The Host header stays what the client sent.
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { createServer } from 'node:tls';

// Resolves to {url: "https://127.0.0.1:PORT", port, opened, connections, resumed, failures,
// closeConnections(), stop()}: `opened` counts connections, `connections` handshakes that were done,
// `resumed` those of them that went on with the session of an earlier one; `failures` are the errors of
// those that were not done. closeConnections ends what is open, as a server does with what is idle, and
// resolves to how many there were. `certificate` is {certificatePath, keyPath} of
// certificates.mjs; `target` is the URL of the plain server.
export async function startTlsProxy({ host = '127.0.0.1', certificate, target }) {
  const { hostname, port: targetPort } = new URL(target);
  const sockets = new Set();
  const clients = new Set();
  const proxy = { opened: 0, connections: 0, resumed: 0, failures: [] };
  const options = {
    cert: await readFile(certificate.certificatePath),
    key: await readFile(certificate.keyPath),
    ALPNProtocols: ['http/1.1'],
  };
  const server = createServer(options, (client) => {
    proxy.connections += 1;
    if (client.isSessionReused()) proxy.resumed += 1;
    clients.add(client);
    client.on('close', () => clients.delete(client));
    const upstream = connect(Number(targetPort), hostname);
    for (const [one, other] of [[client, upstream], [upstream, client]]) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.on('connection', () => (proxy.opened += 1));
  server.on('tlsClientError', (error) => proxy.failures.push(error.message));
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  proxy.port = server.address().port;
  proxy.url = `https://${host}:${proxy.port}`;
  proxy.closeConnections = async () => {
    const open = [...clients].filter((client) => !client.writableEnded);
    await Promise.all(open.map((client) => new Promise((resolve) => client.end(resolve))));
    return open.length;
  };
  proxy.stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      sockets.forEach((socket) => socket.destroy());
    });
  return proxy;
}

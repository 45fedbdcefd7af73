// An HTTP proxy: CONNECT for https, requests with an absolute target for http. Records what it was
// asked and where it went.
import { createServer, request as forward } from 'node:http';
import { connect } from 'node:net';

// Resolves to {url, requests: [{method, target, headers}], problems, stop()}. Options:
//   routes       {"host:port": "http://127.0.0.1:PORT"}: where a target really is, so that the names
//                of the service can be used; other targets are reached as they are named, but only
//                on the loopback interface
//   credentials  "user:password" that the client must send, or it gets 407
export async function startProxy({ host = '127.0.0.1', routes = {}, credentials } = {}) {
  const requests = [];
  const problems = [];
  const sockets = new Set();
  const authorization =
    credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const isAllowed = ({ headers }) => !credentials || headers['proxy-authorization'] === authorization;

  const locate = (authority) => {
    const route = routes[authority];
    const url = new URL(route ?? `http://${authority}`);
    const name = url.hostname.replace(/^\[|\]$/g, '');
    if (['127.0.0.1', 'localhost', '::1'].includes(name)) return { host: name, port: url.port };
    problems.push(`proxy: no route to ${authority}`);
    return undefined;
  };

  const server = createServer((incoming, outgoing) => {
    requests.push({ method: incoming.method, target: incoming.url, headers: incoming.headers });
    const refuse = (status, headers = {}) => {
      outgoing.writeHead(status, { ...headers, 'Content-Length': 0 });
      outgoing.end();
    };
    if (!isAllowed(incoming)) return refuse(407, { 'Proxy-Authenticate': 'Basic realm="proxy"' });
    if (!/^http:\/\//.test(incoming.url)) {
      problems.push(`proxy: ${incoming.method} ${incoming.url} has no absolute target`);
      return refuse(400);
    }
    const url = new URL(incoming.url);
    const place = locate(`${url.hostname}:${url.port || 80}`);
    if (!place) return refuse(502);
    const headers = { ...incoming.headers };
    delete headers['proxy-authorization'];
    delete headers['proxy-connection'];
    const inner = forward(
      { ...place, method: incoming.method, path: url.pathname + url.search, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode, answer.headers);
        answer.pipe(outgoing);
      },
    );
    inner.on('error', () => refuse(502));
    incoming.pipe(inner);
  });

  server.on('connect', (incoming, client, head) => {
    requests.push({ method: 'CONNECT', target: incoming.url, headers: incoming.headers });
    client.on('error', () => client.destroy());
    if (!isAllowed(incoming)) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const place = locate(incoming.url);
    if (!place) {
      client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const upstream = connect(place, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      client.pipe(upstream).pipe(client);
    });
    sockets.add(upstream);
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => {
      sockets.delete(upstream);
      client.destroy();
    });
    client.on('close', () => upstream.destroy());
  });

  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      sockets.forEach((socket) => socket.destroy());
    });
  return { url: `http://${host}:${server.address().port}`, requests, problems, stop };
}

// TLS in front of a stand-in with good and bad certificates, and the proxy.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect as tlsConnect } from 'node:tls';

import { makeCertificates } from './certificates.mjs';
import { iniText, ssoCachePath, ssoToken, writeHome } from './home.mjs';
import { startProxy } from './proxy.mjs';
import { startStandIn } from './stand_in.mjs';
import { startTlsProxy } from './tls_proxy.mjs';

let folder, certificates, authority, service;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sumac-test-'));
  certificates = await makeCertificates(folder);
  authority = await readFile(certificates.authorityPath);
  service = await startStandIn({}, ({ headers }) => ({ body: `host ${headers.host}` }));
});
after(async () => {
  await service?.stop();
  await rm(folder, { recursive: true, force: true });
});

// Sends a request and resolves to the answer's {status, body}.
const ask = (send, ...sendArguments) =>
  new Promise((resolve, reject) => {
    const outgoing = send(...sendArguments, (answer) => {
      let body = '';
      answer.on('data', (chunk) => (body += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, body }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
const askTls = (url, ca) => ask(httpsRequest, url, { ca, agent: false });

async function withTls(certificate, use) {
  const tls = await startTlsProxy({ certificate, target: service.url });
  try {
    await use(tls);
  } finally {
    await tls.stop();
  }
}

test('a certificate of the authority is good for loopback names', async () => {
  await withTls(certificates.good, async (tls) => {
    assert.equal((await askTls(tls.url, authority)).body, `host 127.0.0.1:${tls.port}`);
    assert.equal((await askTls(`https://localhost:${tls.port}`, authority)).status, 200);
    assert.equal(tls.connections, 2);
    await assert.rejects(askTls(tls.url), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });
});

for (const [name, code] of [
  ['wrongName', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['expired', 'CERT_HAS_EXPIRED'],
  ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
]) {
  test(`the certificate ${name} is bad in its own way`, async () => {
    await withTls(certificates[name], (tls) => assert.rejects(askTls(tls.url, authority), { code }));
  });
}

const connectThrough = (proxy, target, headers = {}) =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(proxy.url);
    const outgoing = httpRequest({ host: hostname, port, method: 'CONNECT', path: target, headers });
    outgoing.on('connect', (answer, socket) => resolve({ status: answer.statusCode, socket }));
    outgoing.on('error', reject);
    outgoing.end();
  });

test('the proxy opens a tunnel to where a name is routed', async () => {
  const certificate = await certificates.issue('service', 'DNS:service.example');
  await withTls(certificate, async (tls) => {
    const proxy = await startProxy({ routes: { 'service.example:443': tls.url } });
    try {
      const { status, socket } = await connectThrough(proxy, 'service.example:443');
      assert.equal(status, 200);
      const createConnection = () => tlsConnect({ socket, servername: 'service.example', ca: authority });
      const headers = { Host: 'service.example' };
      const answer = await ask(httpsRequest, 'https://service.example/', { createConnection, headers });
      assert.equal(answer.body, 'host service.example');
      assert.equal(proxy.requests[0].target, 'service.example:443');
      assert.equal((await connectThrough(proxy, 'elsewhere.example:443')).status, 502);
      assert.match(proxy.problems[0], /no route to elsewhere/);
    } finally {
      await proxy.stop();
    }
  });
});

test('the proxy passes plain requests on, and may want a password', async () => {
  const proxy = await startProxy({ credentials: 'user:pass' });
  try {
    const { hostname, port } = new URL(proxy.url);
    const options = { host: hostname, port, path: `${service.url}/x` };
    assert.equal((await ask(httpRequest, options)).status, 407);
    const headers = {
      'Proxy-Authorization': `Basic ${Buffer.from('user:pass').toString('base64')}`,
      Host: new URL(service.url).host,
    };
    assert.equal((await ask(httpRequest, { ...options, headers })).status, 200);
    assert.equal(service.requests.at(-1).headers['proxy-authorization'], undefined);
    assert.equal(proxy.requests.at(-1).target, `${service.url}/x`);
    assert.equal((await connectThrough(proxy, new URL(service.url).host)).status, 407);
  } finally {
    await proxy.stop();
  }
});

test('a home folder has the files of AWS tools, for its owner alone', async () => {
  const home = join(folder, 'home');
  const startUrl = 'https://d-92671207e4.awsapps.com/start';
  const { HOME } = await writeHome(home, {
    config: { 'profile dev': { region: 'us-west-2', services: { endpoint_url: 'http://x' } } },
    credentials: '[default]\n',
    ssoTokens: { [startUrl]: ssoToken({ accessToken: 'token', expires: '2030-01-01T00:00:00Z', startUrl }) },
    files: { 'bin/process': '#!/bin/sh\n', token: 'web identity' },
  });
  assert.equal(HOME, home);
  assert.equal(
    await readFile(join(home, '.aws/config'), 'utf8'),
    '[profile dev]\nregion = us-west-2\nservices =\n  endpoint_url = http://x\n',
  );
  const cache = ssoCachePath(home, startUrl);
  // FIPS 180-1's own example.
  assert.equal(ssoCachePath('/h', 'abc'), '/h/.aws/sso/cache/a9993e364706816aba3e25717850c26c9cd0d89d.json');
  const token = JSON.parse(await readFile(cache, 'utf8'));
  assert.equal(token.expiresAt, '2030-01-01T00:00:00Z');
  const modeOf = async (path) => (await stat(path)).mode & 0o777;
  assert.equal(await modeOf(cache), 0o600);
  assert.equal(await modeOf(join(home, 'bin/process')), 0o700);
  assert.equal(iniText({ a: { b: 1 } }), '[a]\nb = 1\n');
});

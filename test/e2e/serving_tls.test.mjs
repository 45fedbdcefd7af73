// `sumac run` over TLS, from the certificate files to what clients see.
import assert from 'node:assert/strict';
import { appendFile, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';

import { makeCertificates } from '../support/aws/certificates.mjs';
import { askOverTls, run, startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

let certificateFolder, certificates, ca;
before(async () => {
  certificateFolder = await mkdtemp(join(tmpdir(), 'sumac-test-'));
  certificates = await makeCertificates(certificateFolder);
  ca = await readFile(certificates.authorityPath);
});
after(() => rm(certificateFolder, { recursive: true, force: true }));

// Serves the dataset users with the certificate `good`, from files in the Spicepod's folder.
const withTlsServer = (use, { tls = 'enabled: true, certificate_file: cert.pem, key_file: key.pem', ...options } = {}) =>
  withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, ['users']);
    await appendFile(join(folder, 'spicepod.yaml'), `runtime: {tls: {${tls}}}\n`);
    await copyFile(certificates.good.certificatePath, join(folder, 'cert.pem'));
    await copyFile(certificates.good.keyPath, join(folder, 'key.pem'));
    const server = await startServer(sumac, folder, { ca, ...options });
    try {
      await use(server, folder);
    } finally {
      await server.stop();
    }
  });

const query = (server, body, headers = {}) =>
  askOverTls(`${server.url}/v1/sql`, { ca, method: 'POST', body, headers });

test('queries and long answers over TLS', async () => {
  await withTlsServer(async (server) => {
    assert.match(server.stderr(), /Sumac HTTP listening on \S+ with TLS/);
    const small = await query(server, 'SELECT count(*) AS n FROM users');
    assert.equal(small.status, 200);
    assert.equal(small.text, '[{"n":10}]');
    assert.equal(small.certificate.subject.CN, 'good');
    // Some MiB, in chunks.
    const long = await query(server, "SELECT i, repeat('x', 100) AS t FROM range(100000) r(i)", { Accept: 'text/csv' });
    const lines = long.text.split('\n');
    assert.equal(lines.length, 100_002);
    assert.equal(lines[100_000], `99999,${'x'.repeat(100)}`);
    // A body that the server has to ask for, and one of many records.
    const expecting = await query(server, 'SELECT 1 AS a', { Expect: '100-continue' });
    assert.equal(expecting.text, '[{"a":1}]');
    const large = await query(server, `SELECT length('${'y'.repeat(3_000_000)}') AS n`);
    assert.equal(large.text, '[{"n":3000000}]');
  });
});

test('the protocol is TLS 1.2 or newer, and HTTP/1.1', async () => {
  await withTlsServer(async (server) => {
    const { port } = new URL(server.url);
    const handshake = (options) =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port, ca, ...options }, () => {
          resolve({ protocol: socket.getProtocol(), alpn: socket.alpnProtocol });
          socket.destroy();
        });
        socket.on('error', reject);
      });
    assert.equal((await handshake({ maxVersion: 'TLSv1.2' })).protocol, 'TLSv1.2');
    const newest = await handshake({ ALPNProtocols: ['h2', 'http/1.1'] });
    assert.deepEqual(newest, { protocol: 'TLSv1.3', alpn: 'http/1.1' });
    assert.equal((await handshake({})).alpn, false);
    await assert.rejects(handshake({ ALPNProtocols: ['h2'] }), /alert|no application protocol/i);
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    await assert.rejects(handshake(old), /version|alert/i);
    await assert.rejects(askOverTls(`${server.url}/health`, {}), /certificate|issuer/i);
  });
});

test('who does not speak TLS is told so, and who says nothing holds up nobody', async () => {
  await withTlsServer(async (server) => {
    const response = await fetch(server.url.replace('https', 'http') + '/health');
    assert.equal(response.status, 400);
    assert.equal(await response.text(), 'This address speaks HTTPS only; ask https://.');
    const { port } = new URL(server.url);
    const silent = connect({ host: '127.0.0.1', port, ca, enableTrace: false });
    silent.on('error', () => {});
    assert.equal((await query(server, 'SELECT 1 AS a')).status, 200);
    silent.destroy();
  });
});

test('a new certificate is taken up while it serves, a broken one is not', async () => {
  await withTlsServer(async (server, folder) => {
    const shown = async () => (await askOverTls(`${server.url}/health`, { ca, checkServerIdentity: () => undefined })).certificate.subject.CN;
    const until = async (condition) => {
      const deadline = Date.now() + 60_000;
      while (!(await condition())) assert.ok(Date.now() < deadline, server.stderr());
    };
    assert.equal(await shown(), 'good');
    await copyFile(certificates.wrongName.certificatePath, join(folder, 'cert.pem'));
    await until(async () => {
      assert.equal(await shown(), 'good');
      return /stays as it was: the TLS key in .* is not that of the first certificate/.test(server.stderr());
    });
    await copyFile(certificates.wrongName.keyPath, join(folder, 'key.pem'));
    await until(async () => (await shown()) === 'wrong-name');
    await writeFile(join(folder, 'key.pem'), 'no key');
    await until(() => shown().then(() => /not a private key in PEM/.test(server.stderr())));
    assert.equal(await shown(), 'wrong-name');
  });
});

test('from the command line, and for it', async () => {
  const { certificatePath, keyPath } = certificates.good;
  await withTlsServer(
    async (server) => {
      const list = (...more) => run(sumac, ['datasets', '--http', server.url, ...more]);
      const listed = await list('--tls-root-certificate-file', certificates.authorityPath);
      assert.equal(listed.code, 0, listed.stderr);
      assert.match(listed.stdout, /users/);
      assert.equal((await list()).code, 1);
    },
    { tls: 'enabled: false', more: ['--tls-certificate-file', certificatePath, '--tls-key-file', keyPath] },
  );
});

test('a certificate that cannot be used keeps the server from starting', async () => {
  await withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, ['users']);
    await appendFile(
      join(folder, 'spicepod.yaml'),
      'runtime: {tls: {enabled: true, certificate_file: gone.pem, key_file: gone.key}}\n',
    );
    const { code, stderr } = await run(sumac, ['run', folder, '--http', '127.0.0.1:0']);
    assert.equal(code, 2);
    assert.match(stderr, /runtime\.tls: the TLS certificate cannot be read from the file '.*gone\.pem'/);
  });
});

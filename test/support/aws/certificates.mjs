// Makes a certificate authority of its own and certificates for local servers, with the openssl
// command. Elliptic curve keys, because making RSA keys is slow.
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const openssl = promisify(execFile).bind(undefined, 'openssl');
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const localNames = 'DNS:localhost,IP:127.0.0.1,IP:::1';

const authorityConfig = (folder) => `[ca]
default_ca = local
[local]
database = ${folder}/index.txt
rand_serial = yes
new_certs_dir = ${folder}/issued
certificate = ${folder}/authority.pem
private_key = ${folder}/authority.key
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
`;

// Times as openssl takes them: "20260102030405Z".
const asn1Time = (date) => date.toISOString().replace(/[-:T]|\.\d{3}/g, '');
const daysFromNow = (days) => new Date(Date.now() + days * 86_400_000);

// Resolves to {authorityPath, good, wrongName, expired, selfSigned, issue(name, alternativeNames)},
// where each certificate is {certificatePath, keyPath}. `good` is for 127.0.0.1, ::1 and localhost;
// `issue` makes further ones, for the names of a service: issue('sts', 'DNS:sts.example').
export async function makeCertificates(folder) {
  await mkdir(join(folder, 'issued'), { recursive: true });
  const configPath = join(folder, 'openssl.cnf');
  await writeFile(join(folder, 'index.txt'), '');
  await writeFile(configPath, authorityConfig(folder));
  const paths = (name) => ({
    certificatePath: join(folder, `${name}.pem`),
    keyPath: join(folder, `${name}.key`),
  });

  const authority = paths('authority');
  await openssl([
    'req', '-x509', '-config', configPath, ...newKey, '-subj', '/CN=Local test authority', '-days', '2',
    '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign',
    '-keyout', authority.keyPath, '-out', authority.certificatePath,
  ]);

  const issue = async (name, alternativeNames, start = daysFromNow(-1), end = daysFromNow(1)) => {
    const certificate = paths(name);
    const requestPath = join(folder, `${name}.csr`);
    await openssl([
      'req', '-new', '-config', configPath, ...newKey, '-subj', `/CN=${name}`,
      '-addext', `subjectAltName=${alternativeNames}`, '-addext', 'extendedKeyUsage=serverAuth',
      '-keyout', certificate.keyPath, '-out', requestPath,
    ]);
    await openssl([
      'ca', '-batch', '-notext', '-config', configPath, '-in', requestPath,
      '-startdate', asn1Time(start), '-enddate', asn1Time(end), '-out', certificate.certificatePath,
    ]);
    return certificate;
  };

  const selfSigned = paths('self-signed');
  await openssl([
    'req', '-x509', '-config', configPath, ...newKey, '-subj', '/CN=localhost', '-days', '2',
    '-addext', `subjectAltName=${localNames}`,
    '-keyout', selfSigned.keyPath, '-out', selfSigned.certificatePath,
  ]);
  return {
    authorityPath: authority.certificatePath,
    // One after the other: they share the authority's list of what it issued.
    good: await issue('good', localNames),
    wrongName: await issue('wrong-name', 'DNS:elsewhere.example'),
    expired: await issue('expired', localNames, daysFromNow(-2), daysFromNow(-1)),
    selfSigned,
    issue,
  };
}

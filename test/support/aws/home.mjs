// Writes the files that AWS tools keep in a home folder.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { asIsoText } from './stand_in.mjs';

// The text of {section: {key: value}}; a value that is an object becomes an indented block.
export function iniText(sections) {
  const lines = [];
  for (const [section, keys] of Object.entries(sections)) {
    lines.push(`[${section}]`);
    for (const [key, value] of Object.entries(keys)) {
      if (typeof value === 'object') {
        lines.push(`${key} =`);
        for (const [name, inner] of Object.entries(value)) lines.push(`  ${name} = ${inner}`);
      } else {
        lines.push(`${key} = ${value}`);
      }
    }
    lines.push('');
  }
  return lines.join('\n');
}

const asText = (content) => (typeof content === 'string' ? content : iniText(content));

// The file in which the token of a session (or, of the older form, of a start URL) is kept.
export const ssoCachePath = (folder, nameOrStartUrl) =>
  join(
    folder, '.aws', 'sso', 'cache',
    `${createHash('sha1').update(nameOrStartUrl).digest('hex')}.json`,
  );

// A token as `aws sso login` keeps it. `expires` and `registrationExpires` are times (see asDate).
export function ssoToken({
  accessToken, expires = 3600, refreshToken, clientId, clientSecret, registrationExpires = 86_400,
  region = 'us-west-2', startUrl = 'https://sso.example/start',
}) {
  return {
    startUrl,
    region,
    accessToken,
    expiresAt: asIsoText(expires),
    ...(clientId ? { clientId, clientSecret, registrationExpiresAt: asIsoText(registrationExpires) } : {}),
    ...(refreshToken ? { refreshToken } : {}),
  };
}

async function writePrivate(path, text) {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, text, { mode: 0o600 });
}

// Makes `folder` a home folder and returns {HOME}. `config` and `credentials` are texts, or
// {section: {key: value}}; `ssoTokens` is {session name or start URL: ssoToken(...) or text};
// `files` is {path below folder: text}, for token files and the like; those that begin with #! can
// be run.
export async function writeHome(folder, { config, credentials, ssoTokens = {}, files = {} }) {
  if (config !== undefined) await writePrivate(join(folder, '.aws', 'config'), asText(config));
  if (credentials !== undefined) {
    await writePrivate(join(folder, '.aws', 'credentials'), asText(credentials));
  }
  for (const [name, token] of Object.entries(ssoTokens)) {
    const text = typeof token === 'string' ? token : JSON.stringify(token);
    await writePrivate(ssoCachePath(folder, name), text);
  }
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: text.startsWith('#!') ? 0o700 : 0o600 });
  }
  return { HOME: folder };
}

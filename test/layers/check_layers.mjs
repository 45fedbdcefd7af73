// Fails on an #include against the arrows between the rooms of src/, and on a third party outside its
// home (see ARCHITECTURE.md, which shows the same arrows).
// Usage: scripts/check_layers [FOLDER]   (default: src of this checkout)
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

// What a room may include besides itself: these rooms, and all that they reach.
const arrows = {
  base: [],
  net: ['base'],
  aws: ['net'],
  dynamodb: ['aws'],
  items: ['dynamodb'],
  planning: ['items'],
  engine: ['planning'],
  spicepod: ['base'],
  datasets: ['engine', 'spicepod'],
  server: ['datasets'],
  cli: ['server', 'datasets'],
};

// A third party's headers and the rooms that may name them. Test sources may name gtest and gmock, and
// what test/support offers.
const homes = [
  [/^(spdlog|tl|prometheus)\//, ['base']],
  [/^curl\//, ['net']],
  [/^openssl\//, ['aws', 'server']],
  [/^simdjson\.h$/, ['items', 'dynamodb', 'aws']],
  [/^zlib\.h$/, ['dynamodb']],
  [/^pugixml\.hpp$/, ['aws']],
  [/^yaml-cpp\//, ['spicepod']],
  [/^duckdb(\.hpp$|\/)/, ['items', 'planning', 'engine', 'datasets', 'server', 'cli']],
  [/^boost\//, ['server']],
  [/^flatbuffers\//, ['engine']],
  [/^(grpcpp|google\/protobuf)\//, ['server']],
  [/^(CLI\/|histedit\.h$)/, ['cli']],
];

// Belongs to no room, so everyone may include it.
const generated = new Set(['sumac_version.h', 'arrow_format_generated.h', 'flight.pb.h', 'flight_sql.pb.h']);
const testSupport = new Set(['fake_dynamodb']);

function reachable(room) {
  const reached = new Set([room]);
  for (const next of reached) for (const target of arrows[next]) reached.add(target);
  return reached;
}

// Returns why `header` may not be included from `room`, or null.
function complaint(room, header, quoted, isTest) {
  if (!quoted) {
    const home = homes.find(([pattern]) => pattern.test(header));
    if (!home || home[1].includes(room)) return null;
    return `belongs into ${home[1].join(', ')}, not into ${room}`;
  }
  if (generated.has(header)) return null;
  const target = header.split('/')[0];
  if (isTest && testSupport.has(target)) return null;
  if (!header.includes('/') || !(target in arrows)) {
    return 'is not named by its path from src/';
  }
  return reachable(room).has(target) ? null : `is against the arrows: ${room} may not know ${target}`;
}

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(h|cc)$/.test(entry.name)) yield path;
  }
}

function check(folder) {
  const complaints = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    if (!(entry.name in arrows)) {
      complaints.push(`${entry.name}/: a room that scripts/check_layers does not know`);
      continue;
    }
    for (const path of sources(join(folder, entry.name))) {
      // Fixtures are of tests alone.
      const isTest = /(_test\.cc|_fixture\.h)$/.test(path);
      readFileSync(path, 'utf8').split('\n').forEach((text, index) => {
        const match = /^\s*#\s*include\s*(["<])([^">]+)[">]/.exec(text);
        if (!match) return;
        const why = complaint(entry.name, match[2], match[1] === '"', isTest);
        if (why) complaints.push(`${relative(folder, path)}:${index + 1}: ${match[2]} ${why}`);
      });
    }
  }
  return complaints;
}

const folder = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../../src');
if (!existsSync(folder)) {
  console.error(`check_layers: there is no folder ${folder}`);
  process.exit(2);
}
const complaints = check(folder);
for (const line of complaints) console.error(line);
process.exit(complaints.length > 0 ? 1 : 0);

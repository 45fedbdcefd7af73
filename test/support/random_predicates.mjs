// Tables whose attributes have many types, and predicates over their columns, all from one random
// source (round_trip/random.mjs).

const words = ['', 'a', 'b', 'ab', 'abc', 'ab#1', 'a b', 'true', '5', '7.5', '-3', 'Zoë', 'x"y\\z', '{"k":1}', 'YWI=', '[1]'];
const numbers = ['-3', '0', '1', '5', '7', '7.5', '12', '100', '9007199254740993', '1e3'];
const bytes = ['YWI=', 'AA==', '/w==', 'YWJj'];
const times = ['2025-01-01T00:00:00Z', '2025-01-01T12:30:00Z', '2025-01-02T00:00:00+05:00', '2024-12-31T23:30:00-02:00'];

const S = (text) => ({ S: text });
const N = (number) => ({ N: number });
const B = (base64) => ({ B: base64 });

const scalar = (random) => random.pick([
  () => S(random.pick(words)),
  () => N(random.pick(numbers)),
  () => ({ BOOL: random.chance(0.5) }),
  () => ({ NULL: true }),
  () => B(random.pick(bytes)),
])();

const mixed = (random) => random.pick([
  () => scalar(random),
  () => ({ L: [N('1')] }),
  () => ({ M: { k: N('1') } }),
  () => ({ SS: ['a', 'b'] }),
])();

// Mostly one type, and now and then another, which a small sample does not have.
const mostly = (random, make) => (random.chance(0.03) ? mixed(random) : make());

function withAttributes(random, item, makers) {
  for (const [name, make] of Object.entries(makers)) if (random.chance(0.8)) item[name] = make();
  return item;
}

const listOf = (random, make) => ({ L: Array.from({ length: random.below(4) }, make) });

const attributes = (random) => ({
  text: () => mostly(random, () => S(random.pick(words))),
  whole: () => mostly(random, () => N(String(random.between(-5, 15)))),
  real: () => mostly(random, () => N(String(random.between(-50, 150) / 10))),
  flag: () => mostly(random, () => ({ BOOL: random.chance(0.5) })),
  bytes: () => mostly(random, () => B(random.pick(bytes))),
  various: () => scalar(random),
  nested: () => mixed(random),
  time: () => mostly(random, () => S(random.pick(times))),
  tags: () => mostly(random, () => (random.chance(0.2) ? { SS: ['a', 'ab'] } : listOf(random, () => S(random.pick(words))))),
  counts: () => mostly(random, () => listOf(random, () => N(String(random.between(0, 3))))),
  map: () => mostly(random, () => ({
    M: withAttributes(random, {}, {
      inner: () => mostly(random, () => N(String(random.between(0, 9)))),
      name: () => S(random.pick(words)),
    }),
  })),
});

const keyMakers = {
  S: (random) => S(random.pick(['a', 'b', 'c', 'd', 'true', '5', 'ab', 'ab#1', '2025-01-01T12:30:00Z'])),
  N: (random) => N(String(random.between(-60, 60))),
  B: (random) => B(random.pick(bytes)),
};

// {keys, indexes, items}: keys are [[name, type]], with or without a sort key; indexes, of attributes
// that only some items have, are [{name, keys, projection}].
export function randomTable(random, count) {
  const type = () => random.pick(['S', 'N', 'B', 'S', 'N']);
  const keys = [['id', random.pick(['S', 'S', 'S', 'N', 'B'])]];
  // A partition key alone must tell the items apart.
  keys.push(['sort', random.chance(0.6) ? 'N' : type()]);
  if (keys[0][1] === 'N' && random.chance(0.5)) keys.pop();
  const indexes = random.chance(0.7) ? [
    { name: 'by_group', keys: [['owner', 'S'], ['rank', 'N']], projection: random.pick(['ALL', 'KEYS_ONLY']) },
    { name: 'by_rank', keys: [['rank', 'N']], projection: random.pick(['ALL', 'KEYS_ONLY']) },
  ] : [];
  const items = new Map();
  for (let attempts = 0; items.size < count && attempts < 4 * count; ++attempts) {
    const key = Object.fromEntries(keys.map(([name, keyType]) => [name, keyMakers[keyType](random)]));
    const item = withAttributes(random, { ...key }, attributes(random));
    if (random.chance(0.6)) item.owner = S(random.pick(['a', 'b', 'c']));
    if (random.chance(0.6)) item.rank = N(String(random.between(0, 5)));
    items.set(JSON.stringify(key), item);
  }
  return { keys, indexes, items: [...items.values()] };
}

const quote = (text) => `'${text.replaceAll("'", "''")}'`;
const textLiteral = (random) => quote(random.pick([...words, 'ac', 'zz']));
const numberLiteral = (random) => random.pick(['-3', '0', '1', '5', '7', '7.5', '12', '1000', '-0.1', '4.9999']);
const bytesLiteral = (random) => random.pick(["'ab'", "'\\x00'", "'\\xFF'", "'abc'"]) + '::BLOB';
const timeLiteral = (random) => random.pick(["'2025-01-01 00:00:00+00'", "'2025-01-01 12:30:00+00'", "'2025-01-02 01:30:00+00'"]) + '::TIMESTAMPTZ';
const pattern = (random) => quote(random.pick(['a%', 'ab%', 't%', '5%', '%', '%b%', '%r%', '%"%', '%b', 'a%1', 'a_', 'ab#%', '_b%c']));

const comparison = (random) =>
  random.pick(['=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM']);
const maybeNot = (random) => random.pick(['', ' NOT']);

const literals = { S: textLiteral, N: numberLiteral, B: bytesLiteral };

function keyLeaf(random, keys) {
  const [name, type] = random.pick(keys);
  const valueOf = (of) => (of === 'N' ? String(random.between(-60, 60)) : literals[of](random));
  const value = () => valueOf(type);
  const rows = [1, 2, 3].map(() => keys.map(([, ofKey]) => valueOf(ofKey)));
  return random.pick([
    () => (keys.length < 2 ? `${name} = ${value()}`
      : `(${keys.map(([key]) => key).join(', ')}) IN (${rows.map((row) => `(${row.join(', ')})`).join(', ')})`),
    () => `(${rows.map((row) => row.map((one, i) => `${keys[i][0]} = ${one}`).join(' AND ')).join(' OR ')})`,
    () => `${name} = ${value()}`,
    () => `${name} ${comparison(random)} ${value()}`,
    () => `${name} IN (${value()}, ${value()})`,
    () => `${name} BETWEEN ${value()} AND ${value()}`,
  ])();
}

function leaf(random, { keys, indexes }) {
  if (random.chance(0.2)) return keyLeaf(random, keys);
  if (indexes.length > 0 && random.chance(0.15)) return keyLeaf(random, [['owner', 'S'], ['rank', 'N']]);
  const texts = ['text', 'various', 'map.name', 'tags[1]', 'tags[2]'];
  const reals = ['whole', 'real', 'map.inner', 'counts[1]'];
  const text = random.pick(texts);
  const real = random.pick(reals);
  const column = random.pick([...texts, ...reals, 'flag', 'bytes', 'map', 'nested', 'tags', 'counts', 'time']);
  return random.pick([
    () => `${text} ${comparison(random)} ${textLiteral(random)}`,
    () => `${text} = ${textLiteral(random)}`,
    () => `${real} ${comparison(random)} ${numberLiteral(random)}`,
    () => `${numberLiteral(random)} ${comparison(random)} ${real}`,
    () => `${text}${maybeNot(random)} IN (${[textLiteral(random), textLiteral(random), 'NULL'].join(', ')})`,
    () => `${real}${maybeNot(random)} IN (${[1, 2, 3].map(() => numberLiteral(random)).join(', ')})`,
    () => `${text} NOT IN (${[textLiteral(random), textLiteral(random)].join(', ')})`,
    () => `${real}${maybeNot(random)} BETWEEN ${numberLiteral(random)} AND ${numberLiteral(random)}`,
    () => `${text}${maybeNot(random)} LIKE ${pattern(random)}`,
    () => `starts_with(${text}, ${textLiteral(random)})`,
    () => `contains(${text}, ${textLiteral(random)})`,
    () => `${column} IS${maybeNot(random)} NULL`,
    () => 'flag',
    () => `flag ${random.pick(['=', '<>'])} ${random.pick(['true', 'false'])}`,
    () => `bytes ${comparison(random)} ${bytesLiteral(random)}`,
    () => `length(${text}) ${comparison(random)} ${random.between(0, 4)}`,
    () => `strlen(${text}) ${comparison(random)} ${random.between(0, 4)}`,
    () => `len(${random.pick(['tags', 'counts'])}) ${comparison(random)} ${random.between(0, 3)}`,
    () => `list_contains(tags, ${textLiteral(random)})`,
    () => `list_contains(counts, ${random.between(0, 3)})`,
    () => `time ${comparison(random)} ${timeLiteral(random)}`,
  ])();
}

// Over the columns of a table of randomTable.
export function randomPredicate(random, table, depth = 3) {
  if (depth === 0 || random.chance(0.35)) return leaf(random, table);
  const part = () => randomPredicate(random, table, depth - 1);
  return random.pick([
    () => `(${part()} AND ${part()})`,
    () => `(${part()} OR ${part()})`,
    () => `NOT (${part()})`,
  ])();
}

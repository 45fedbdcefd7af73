// Tables whose attributes have many types, and predicates over their columns, all from one random
// source (round_trip/random.mjs).

const words = ['', 'a', 'b', 'ab', 'abc', 'true', '5', '7.5', '-3', 'Zoë', 'x"y\\z', '{"k":1}', 'YWI=', '[1]'];
const numbers = ['-3', '0', '1', '5', '7', '7.5', '12', '100', '9007199254740993', '1e3'];

const S = (text) => ({ S: text });
const N = (number) => ({ N: number });

const scalar = (random) => random.pick([
  () => S(random.pick(words)),
  () => N(random.pick(numbers)),
  () => ({ BOOL: random.chance(0.5) }),
  () => ({ NULL: true }),
  () => ({ B: random.pick(['YWI=', 'AA==', '/w==']) }),
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

// `count` items with the key (id S, sort N).
export function randomItems(random, count) {
  const items = new Map();
  while (items.size < count) {
    const id = random.pick(['a', 'b', 'c', 'd', 'true', '5', 'ab']);
    const sort = String(random.between(-60, 60));
    const item = withAttributes(random, { id: S(id), sort: N(sort) }, {
      text: () => mostly(random, () => S(random.pick(words))),
      whole: () => mostly(random, () => N(String(random.between(-5, 15)))),
      real: () => mostly(random, () => N(String(random.between(-50, 150) / 10))),
      flag: () => mostly(random, () => ({ BOOL: random.chance(0.5) })),
      bytes: () => mostly(random, () => ({ B: random.pick(['YWI=', 'AA==', '/w==']) })),
      various: () => scalar(random),
      nested: () => mixed(random),
      map: () => mostly(random, () => ({
        M: withAttributes(random, {}, {
          inner: () => mostly(random, () => N(String(random.between(0, 9)))),
          name: () => S(random.pick(words)),
        }),
      })),
    });
    items.set(`${id}/${sort}`, item);
  }
  return [...items.values()];
}

const quote = (text) => `'${text.replaceAll("'", "''")}'`;
const textLiteral = (random) => quote(random.pick([...words, 'ac', 'zz']));
const numberLiteral = (random) => random.pick(['-3', '0', '1', '5', '7', '7.5', '12', '1000', '-0.1', '4.9999']);

const comparison = (random) => random.pick(['=', '<>', '<', '<=', '>', '>=']);

function leaf(random) {
  const texts = ['id', 'text', 'various', 'map.name'];
  const reals = ['sort', 'whole', 'real', 'map.inner'];
  const text = random.pick(texts);
  const real = random.pick(reals);
  const column = random.pick([...texts, ...reals, 'flag', 'bytes', 'map', 'nested']);
  return random.pick([
    () => `${text} ${comparison(random)} ${textLiteral(random)}`,
    () => `${text} = ${textLiteral(random)}`,
    () => `${real} ${comparison(random)} ${numberLiteral(random)}`,
    () => `${numberLiteral(random)} ${comparison(random)} ${real}`,
    () => `${text} IN (${[textLiteral(random), textLiteral(random), 'NULL'].join(', ')})`,
    () => `${real} IN (${[1, 2, 3].map(() => numberLiteral(random)).join(', ')})`,
    () => `${text} NOT IN (${[textLiteral(random), textLiteral(random)].join(', ')})`,
    () => `${real} BETWEEN ${numberLiteral(random)} AND ${numberLiteral(random)}`,
    () => `${text} LIKE ${quote(`${random.pick(['a', 'ab', 't', '', '5'])}%`)}`,
    () => `${text} LIKE ${quote(`%${random.pick(['b', 'r', '5', '"'])}%`)}`,
    () => `starts_with(${text}, ${textLiteral(random)})`,
    () => `contains(${text}, ${textLiteral(random)})`,
    () => `${column} IS NULL`,
    () => `${column} IS NOT NULL`,
    () => 'flag',
    () => `flag ${random.pick(['=', '<>'])} ${random.pick(['true', 'false'])}`,
    () => `bytes ${comparison(random)} ${random.pick(["'ab'", "'\\x00'", "'\\xFF'"])}::BLOB`,
    () => `id = ${quote(random.pick(['a', 'b', '5', 'true']))}`,
    () => `sort = ${random.between(-60, 60)}`,
    () => `sort ${comparison(random)} ${random.between(-60, 60)}`,
    () => `length(${text}) > 1`,
  ])();
}

export function randomPredicate(random, depth = 3) {
  if (depth === 0 || random.chance(0.35)) return leaf(random);
  return random.pick([
    () => `(${randomPredicate(random, depth - 1)} AND ${randomPredicate(random, depth - 1)})`,
    () => `(${randomPredicate(random, depth - 1)} OR ${randomPredicate(random, depth - 1)})`,
    () => `NOT (${randomPredicate(random, depth - 1)})`,
  ])();
}

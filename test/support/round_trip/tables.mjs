// The tables of the round trip: how their items are made, and how much of them Sumac may sample.
import { allNames, confusableNames } from './attribute_names.mjs';
import {
  makeAny, makeAnyNumber, makeBinary, makeBinarySet, makeBoolean, makeBorderInteger, makeDecimal, makeDouble, makeInteger,
  makeList, makeMap, makeNearDouble, makeNull, makeNumberSet, makeShortestDouble, makeString, makeStringSet, makeWideDouble,
  makeWideInteger, nest,
} from './attribute_values.mjs';

// Attributes of one kind each, so that every SQL type becomes a column, at the top and nested.
const typedAttributes = {
  text: makeString,
  flag: makeBoolean,
  blob: makeBinary,
  integer: makeInteger,
  wide_integer: makeWideInteger,
  double: makeDouble,
  wide_double: makeWideDouble,
  shortest_double: makeShortestDouble,
  decimal: makeDecimal,
  digits: makeAnyNumber,
  only_null: makeNull,
  strings: makeStringSet,
  integers: makeNumberSet(makeInteger),
  numbers: makeNumberSet(makeDouble),
  blobs: makeBinarySet,
  list: makeList(makeInteger),
  decimals: makeList(makeDecimal),
  lists: makeList(makeList(makeString, 3), 3),
  empty_list: makeList(makeNull, 0),
  mixed_scalars: (random) => random.pick([makeString, makeInteger, makeBoolean, makeBinary])(random),
  map: makeMap({ Key: makeString, key: makeInteger, 'a.b': makeDouble, select: makeBoolean, '': makeNull }),
  place: makeMap({ Name: makeString, name: makeInteger, "it's": makeBinary, 'say "hi"': makeDecimal, '🗼': makeStringSet }),
  maps: makeList(makeMap({ n: makeDecimal, inner: makeMap({ deep: makeList(makeMap({ leaf: makeBorderInteger })) }) }), 3),
  empty_map: makeMap({}),
  deep: (random) => nest(random.between(1, 6), makeInteger(random)),
};

function typedItem(random) {
  const present = Object.entries(typedAttributes).filter(() => random.chance(0.6));
  return Object.fromEntries(present.map(([name, make]) => [name, (random.chance(0.1) ? makeNull : make)(random)]));
}

// As the typed item, but now and then a value of another type, a field or an attribute nobody saw.
function strayingItem(random, i) {
  const item = typedItem(random);
  if (i < 300) return item;
  for (const name of Object.keys(item)) {
    if (random.chance(0.05)) item[name] = makeAny(random);
    if (item[name].N && random.chance(0.05)) item[name] = makeNearDouble(random);
    if (item[name].M && random.chance(0.1)) item[name].M.new_field = makeAny(random, 2);
    if (item[name].L && random.chance(0.1)) item[name].L.push(makeAny(random, 2));
  }
  if (random.chance(0.2)) item[random.pick(allNames)] = makeAny(random);
  return item;
}

// Names from the whole pool, values of any type.
function chaoticItem(random) {
  const names = Array.from({ length: random.between(0, 6) }, () => random.pick(allNames));
  return Object.fromEntries(names.map((name) => [name, makeAny(random)]));
}

const makeConfusable = (random) => ({
  M: Object.fromEntries(Array.from({ length: 4 }, () => [random.pick(confusableNames), makeString(random)])),
});
const namedMakers = [makeString, makeInteger, makeBinary, makeDecimal, makeConfusable];

// One kind of value for each name, so that even these names are typed columns.
function namedItem(random) {
  const pool = random.chance(0.5) ? confusableNames : allNames;
  const item = {};
  for (let i = 0; i < 5; ++i) {
    const name = random.pick(pool);
    item[name] = namedMakers[allNames.indexOf(name) % namedMakers.length](random);
  }
  return item;
}

const numberKey = (name) => (random, i) => ({ [name]: { N: String(i - 5) } });

// `sample` is schema_infer_max_records, as a number of items; without it, all.
export const tables = [
  { name: 'typed', keys: [['id', 'N']], makeKey: numberKey('id'), makeItem: typedItem, items: 3_500 },
  { name: 'straying', keys: [['id', 'N']], makeKey: numberKey('id'), makeItem: strayingItem, items: 2_500, sample: 100 },
  {
    name: 'named',
    keys: [['Select', 'S'], ['a.b\\', 'N']],
    makeKey: (random, i) => ({ Select: { S: `${makeString(random).S}${i}` }, 'a.b\\': makeAnyNumber(random) }),
    makeItem: namedItem,
    items: 1_500,
  },
  {
    name: 'chaotic',
    keys: [['_item', 'B']],
    makeKey: (random, i) => ({ _item: { B: Uint8Array.of(i >> 16, (i >> 8) & 255, i & 255, ...makeBinary(random).B) } }),
    makeItem: chaoticItem,
    items: 2_000,
  },
  {
    name: 'chaotic_unsampled',
    keys: [['rowid', 'S'], ['_overflow', 'B']],
    makeKey: (random, i) => ({ rowid: { S: `${i}` }, _overflow: { B: Uint8Array.of(1, ...makeBinary(random).B) } }),
    makeItem: chaoticItem,
    items: 1_500,
    sample: 10,
  },
];

// Yields the items of a table, `scale` times as many as its own number.
export function makeItems(table, random, scale) {
  return Array.from({ length: Math.max(1, Math.round(table.items * scale)) }, (_, i) => {
    const item = table.makeItem(random, i);
    return { ...item, ...table.makeKey(random, i) };
  });
}

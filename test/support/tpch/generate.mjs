// Makes tables of the TPC-H shape that are the same on every run. The distributions are this file's
// own, not dbgen's: at a few thousand rows dbgen leaves several of the queries without a row, so here
// the values that the queries look for are much more frequent.
import { createHash } from 'node:crypto';

import { makeRandom } from '../round_trip/random.mjs';
import { tables } from './tables.mjs';

const regions = ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'];

// [name, index of its region]. The position is the key, and ten more is the country code of its phones,
// so Query 22 asks for those at 3, 7, 8, 13, 19, 20 and 21.
const nations = [
  ['BRAZIL', 1], ['CANADA', 1], ['CHILE', 1], ['FRANCE', 3], ['GERMANY', 3],
  ['GHANA', 0], ['GREECE', 3], ['INDIA', 2], ['INDONESIA', 2], ['ISRAEL', 4],
  ['JAPAN', 2], ['KUWAIT', 4], ['MALI', 0], ['MEXICO', 1], ['MOROCCO', 0],
  ['NORWAY', 3], ['OMAN', 4], ['PERU', 1], ['POLAND', 3], ['SAUDI ARABIA', 4],
  ['SENEGAL', 0], ['THAILAND', 2], ['TUNISIA', 0], ['TURKEY', 4], ['VIETNAM', 2],
];
const nationKey = (name) => nations.findIndex(([other]) => other === name);
// The queries name these, so they have more suppliers and customers than others.
const namedNations = ['BRAZIL', 'CANADA', 'FRANCE', 'GERMANY', 'SAUDI ARABIA'].map(nationKey);
const busyNations = [...namedNations, ...['INDIA', 'JAPAN', 'MEXICO', 'SENEGAL', 'VIETNAM'].map(nationKey)];

const colours = [
  'amber', 'black', 'blue', 'bronze', 'brown', 'cream', 'forest', 'forest', 'gold', 'green', 'grey', 'ivory',
  'olive', 'pink', 'red', 'sand', 'silver', 'violet', 'white',
];
const grades = ['ECONOMY', 'LARGE', 'MEDIUM', 'PROMO', 'SMALL', 'STANDARD'];
const finishes = ['ANODIZED', 'LACQUERED', 'POLISHED', 'RIVETED'];
const materials = ['BRASS', 'OAK', 'STEEL', 'ZINC'];
const brands = [11, 12, 23, 34, 45, 52];
const containers = [
  'SM BOX', 'SM CASE', 'SM PACK', 'SM PKG', 'MED BAG', 'MED BOX', 'MED PACK', 'MED PKG', 'LG BOX', 'LG CASE',
  'LG PACK', 'LG PKG', 'JUMBO CRATE', 'WRAP SACK',
];
const namedSizes = [3, 9, 14, 15, 15, 15, 19, 23, 36, 45, 49];
const segments = ['AUTOMOBILE', 'BUILDING', 'GARDEN', 'MACHINERY'];
const priorities = ['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'];
const shipModes = ['AIR', 'AIR REG', 'MAIL', 'RAIL', 'SHIP', 'TRUCK'];
const shipInstructions = ['COLLECT AT DEPOT', 'DELIVER IN PERSON', 'LEAVE WITH NEIGHBOUR'];
const words = [
  'a', 'about', 'after', 'bicycles', 'bright', 'carries', 'clouds', 'early', 'eight', 'every', 'harbour', 'keeps',
  'ledgers', 'night', 'of', 'old', 'over', 'paper', 'quick', 'quiet', 'river', 'sends', 'slow', 'the', 'trains', 'under',
  "Ann's", 'well', 'wind', 'without',
];
const streets = ['Alder Way', 'Bay Road', 'Mill Lane', 'North Quay', 'Orchard Close', 'Station Street'];

const linesOfOrderMax = 7;
const suppliersOfPart = 4;
const firstOrderDay = day('1992-01-01');
const lastOrderDay = day('1998-08-02');
// What is sent after this day is open, and what arrives after it cannot have come back.
const today = day('1995-06-17');

function day(text) {
  return Date.parse(`${text}T00:00:00Z`) / 86_400_000;
}
const dateText = (days) => new Date(days * 86_400_000).toISOString().slice(0, 10);

// Cents as decimal text with two digits after the point.
function moneyText(cents) {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const numbered = (name, number) => `${name}#${String(number).padStart(9, '0')}`;
const range = (count, make) => Array.from({ length: count }, (_, index) => make(index));

// `between` is what a query looks for with LIKE, among other words.
function comment(random, between = []) {
  const some = () => range(random.between(1, 4), () => random.pick(words));
  const text = [...some(), ...between.flatMap((word) => [word, ...some()])].join(' ');
  return random.chance(0.2) ? `${text}, ${random.pick(words)}` : text;
}

function contact(random, nation) {
  return {
    address: `${random.between(1, 999)} ${random.pick(streets)}`,
    phone: `${nation + 10}-${random.between(100, 999)}-${random.between(100, 999)}-${random.between(1000, 9999)}`,
    balance: moneyText(random.between(-99_999, 999_999)),
  };
}

function makeSupplier(random, index) {
  // One in each nation first, so that none is without.
  const nation = index < nations.length ? index : namedNations[index % namedNations.length];
  const { address, phone, balance } = contact(random, nation);
  return {
    s_suppkey: String(index + 1),
    s_name: numbered('Supplier', index + 1),
    s_address: address,
    s_nationkey: String(nation),
    s_phone: phone,
    s_acctbal: balance,
    s_comment: comment(random, index % 13 === 5 ? ['Customer', 'Complaints'] : []),
  };
}

function makeCustomer(random, index) {
  const nation = random.chance(0.6) ? random.pick(busyNations) : random.below(nations.length);
  const { address, phone, balance } = contact(random, nation);
  return {
    c_custkey: String(index + 1),
    c_name: numbered('Customer', index + 1),
    c_address: address,
    c_nationkey: String(nation),
    c_phone: phone,
    c_acctbal: balance,
    c_mktsegment: random.pick(segments),
    c_comment: comment(random),
  };
}

function makePart(random, index) {
  const brand = random.pick(brands);
  const type = random.chance(0.06)
    ? 'ECONOMY ANODIZED STEEL'
    : `${random.pick(grades)} ${random.pick(finishes)} ${random.pick(materials)}`;
  const size = random.chance(0.5) ? random.pick(namedSizes) : random.between(1, random.pick([5, 10, 15, 50]));
  return {
    p_partkey: String(index + 1),
    p_name: range(3, () => random.pick(colours)).join(' '),
    p_mfgr: `Manufacturer#${Math.floor(brand / 10)}`,
    p_brand: `Brand#${brand}`,
    p_type: type,
    p_size: String(size),
    p_container: random.pick(containers),
    p_retailprice: moneyText(random.between(90_000, 200_000)),
    p_comment: comment(random),
  };
}

// The suppliers of a part are spread, and no two are the same: there are at least four.
const supplierOf = (partIndex, which, supplierCount) =>
  1 + ((partIndex * 7 + which * Math.floor(supplierCount / suppliersOfPart)) % supplierCount);

function makePartSupplies(random, partIndex, supplierCount) {
  return range(suppliersOfPart, (which) => ({
    ps_partkey: String(partIndex + 1),
    ps_suppkey: String(supplierOf(partIndex, which, supplierCount)),
    // Some have nearly run out: Queries 11 and 20 leave those away.
    ps_availqty: String(random.chance(0.2) ? random.between(1, 20) : random.between(21, 9_999)),
    ps_supplycost: moneyText(random.between(100, 100_000)),
    ps_comment: comment(random),
  }));
}

function makeLine(random, { orderKey, lineNumber, orderDay, quantity, parts, supplierCount }) {
  const partIndex = random.below(parts.length);
  const price = quantity * Number(parts[partIndex].p_retailprice.replace('.', ''));
  const discount = random.between(0, 10);
  const tax = random.between(0, 8);
  const shipDay = orderDay + random.between(1, 121);
  const receiptDay = shipDay + random.between(1, 30);
  return {
    // Of cents, discounts and taxes in hundredths: all of it is below 2^53.
    charged: (price * (100 - discount) * (100 + tax)) / 10_000,
    open: shipDay > today,
    row: {
      l_orderkey: orderKey,
      l_partkey: String(partIndex + 1),
      l_suppkey: String(supplierOf(partIndex, random.below(suppliersOfPart), supplierCount)),
      l_linenumber: String(lineNumber),
      l_quantity: moneyText(quantity * 100),
      l_extendedprice: moneyText(price),
      l_discount: moneyText(discount),
      l_tax: moneyText(tax),
      l_returnflag: receiptDay > today ? 'N' : random.pick(['A', 'R']),
      l_linestatus: shipDay > today ? 'O' : 'F',
      l_shipdate: dateText(shipDay),
      l_commitdate: dateText(orderDay + random.between(30, 90)),
      l_receiptdate: dateText(receiptDay),
      l_shipinstruct: random.pick(shipInstructions),
      l_shipmode: random.pick(shipModes),
      l_comment: comment(random),
    },
  };
}

// One order and its lines.
function makeOrder(random, index, { customerCount, parts, supplierCount }) {
  // Keys have gaps: eight of them, then none for 24.
  const orderKey = String(Math.floor(index / 8) * 32 + (index % 8) + 1);
  // Every third customer orders nothing.
  let customer = random.between(1, customerCount);
  if (customer % 3 === 0) customer -= 1;
  const orderDay = random.between(firstOrderDay, lastOrderDay);
  // Query 18 looks for orders of more than 300 pieces.
  const large = index % 60 === 7;
  const lines = range(large ? linesOfOrderMax : random.between(1, linesOfOrderMax), (line) =>
    makeLine(random, {
      orderKey,
      lineNumber: line + 1,
      orderDay,
      quantity: large ? random.between(38, 50) : random.between(1, 50),
      parts,
      supplierCount,
    }),
  );
  const openCount = lines.filter(({ open }) => open).length;
  const order = {
    o_orderkey: orderKey,
    o_custkey: String(customer),
    o_orderstatus: openCount === 0 ? 'F' : openCount === lines.length ? 'O' : 'P',
    o_totalprice: moneyText(Math.round(lines.reduce((sum, { charged }) => sum + charged, 0))),
    o_orderdate: dateText(orderDay),
    o_orderpriority: random.pick(priorities),
    o_clerk: numbered('Clerk', random.between(1, 20)),
    o_shippriority: '0',
    o_comment: comment(random, random.chance(0.1) ? ['special', 'requests'] : []),
  };
  return { order, lines: lines.map(({ row }) => row) };
}

export const defaultSeed = 20260101;

// The rows of all tables: {region: [row], nation: [row], ...}; see tables.mjs for what a row is. With
// scale 1 these are about 9,000, of which 6,000 are lines. Smaller scales leave queries without rows.
export function generateTables({ scale = 1, seed = defaultSeed } = {}) {
  const random = makeRandom(seed);
  const supplierCount = Math.max(suppliersOfPart, Math.round(40 * scale));
  const customerCount = Math.max(3, Math.round(150 * scale));
  const parts = range(Math.max(1, Math.round(200 * scale)), (index) => makePart(random, index));
  const rows = {
    region: regions.map((name, key) => ({ r_regionkey: String(key), r_name: name, r_comment: comment(random) })),
    nation: nations.map(([name, region], key) => ({
      n_nationkey: String(key), n_name: name, n_regionkey: String(region), n_comment: comment(random),
    })),
    supplier: range(supplierCount, (index) => makeSupplier(random, index)),
    customer: range(customerCount, (index) => makeCustomer(random, index)),
    part: parts,
    partsupp: parts.flatMap((_, index) => makePartSupplies(random, index, supplierCount)),
    orders: [],
    lineitem: [],
  };
  for (let index = 0; index < Math.round(1_500 * scale); ++index) {
    const { order, lines } = makeOrder(random, index, { customerCount, parts, supplierCount });
    rows.orders.push(order);
    rows.lineitem.push(...lines);
  }
  return rows;
}

// Says whether rows are the ones that answers were made from.
export function digest(rows) {
  const hash = createHash('sha256');
  for (const { name, columns } of tables) {
    for (const row of rows[name]) hash.update(`${columns.map((column) => row[column.name]).join('|')}\n`);
  }
  return hash.digest('hex');
}

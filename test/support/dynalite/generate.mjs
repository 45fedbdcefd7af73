// Makes any number of users that are the same on every run, and the sums that queries over them must
// give: what the tests of large tables compare with.

const cities = [
  ['San Francisco', 'CA'],
  ['Portland', 'OR'],
  ['Seattle', 'WA'],
  ['Denver', 'CO'],
  ['Austin', 'TX'],
  ['Boston', 'MA'],
  ['Chicago', 'IL'],
];
const plans = ['free', 'basic', 'team', 'enterprise'];

// A linear congruential generator (the constants of Numerical Recipes): good enough to mix test data,
// and the same everywhere.
function makeRandom(seed) {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

export const generatedTable = (name) => ({
  TableName: name,
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
});

function makeUser(id, random) {
  const addressCount = random(4);
  const addresses = [];
  for (let i = 0; i < addressCount; ++i) {
    const [city, state] = cities[random(cities.length)];
    addresses.push({ street: `${1 + random(999)} Main St`, city, state, zip: String(10000 + random(90000)) });
  }
  return {
    id,
    email: `user${id}@example.com`,
    plan: plans[random(plans.length)],
    balance_cents: random(1_000_000) - 100_000,
    // One in ten has never logged in: the attribute is absent then.
    login_count: random(10) === 0 ? null : random(500),
    registration_ip: `10.${random(256)}.${random(256)}.${random(256)}`,
    addresses,
  };
}

const text = (value) => ({ S: value });
const number = (value) => ({ N: String(value) });

// Exact: cents as an integer written with two decimals.
function centsAsDecimal(cents) {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function asItem(user) {
  const item = {
    id: number(user.id),
    email: text(user.email),
    plan: text(user.plan),
    balance: number(centsAsDecimal(user.balance_cents)),
    metadata: { M: { registration_ip: text(user.registration_ip), user_agent: text('Sumac/1.0') } },
    addresses: {
      L: user.addresses.map((address) => ({
        M: Object.fromEntries(Object.entries(address).map(([key, value]) => [key, text(value)])),
      })),
    },
  };
  if (user.login_count !== null) item.login_count = number(user.login_count);
  return item;
}

function addTo(map, key, entries) {
  const sums = (map[key] ??= {});
  for (const [name, value] of Object.entries(entries)) sums[name] = (sums[name] ?? 0) + value;
}

// Yields `count` items in DynamoDB JSON and adds to `expected` what they sum up to.
export function* generateUsers(count, expected, seed = 20260101) {
  const random = makeRandom(seed);
  Object.assign(expected, {
    count: 0, id_sum: 0, balance_cents_sum: 0, login_count_count: 0, login_count_sum: 0,
    address_count: 0, by_plan: {}, by_city: {},
  });
  for (let id = 1; id <= count; ++id) {
    const user = makeUser(id, random);
    expected.count += 1;
    expected.id_sum += id;
    expected.balance_cents_sum += user.balance_cents;
    if (user.login_count !== null) {
      expected.login_count_count += 1;
      expected.login_count_sum += user.login_count;
    }
    expected.address_count += user.addresses.length;
    addTo(expected.by_plan, user.plan, { users: 1, balance_cents: user.balance_cents });
    for (const address of user.addresses) addTo(expected.by_city, address.city, { addresses: 1 });
    yield asItem(user);
  }
}

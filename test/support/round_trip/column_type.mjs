// DuckDB's text of a type as a tree: `STRUCT(a BIGINT, "b.c" VARCHAR[])`.
//   {name: 'BIGINT'}, {name: 'DECIMAL', width, scale}, {name: 'LIST', element},
//   {name: 'STRUCT', fields: [{name, type}]}, {name: 'MAP', key, value}

export function parseColumnType(text) {
  let at = 0;
  const fail = (why) => {
    throw new Error(`type: ${why} at ${at} of ${text}`);
  };
  const take = (part) => {
    if (!text.startsWith(part, at)) return false;
    at += part.length;
    return true;
  };
  const expect = (part) => take(part) || fail(`no ${JSON.stringify(part)}`);
  const match = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text) ?? fail(`no ${pattern}`);
    at = pattern.lastIndex;
    return found[0];
  };
  const fieldName = () => {
    if (text[at] !== '"') return match(/[^\s(),"]+/y);
    return match(/"(?:[^"]|"")*"/y).slice(1, -1).replaceAll('""', '"');
  };
  const bare = () => {
    const name = match(/[A-Z_0-9]+(?: WITH TIME ZONE)?/y);
    if (name === 'DECIMAL') {
      const [width, scale] = match(/\(\d+,\d+\)/y).slice(1, -1).split(',').map(Number);
      return { name, width, scale };
    }
    if (name === 'STRUCT') {
      const fields = [];
      expect('(');
      do {
        const field = fieldName();
        expect(' ');
        fields.push({ name: field, type: type() });
      } while (take(', '));
      expect(')');
      return { name, fields };
    }
    if (name === 'MAP') {
      expect('(');
      const key = type();
      expect(', ');
      const value = type();
      expect(')');
      return { name, key, value };
    }
    return { name };
  };
  function type() {
    let result = bare();
    while (take('[]')) result = { name: 'LIST', element: result };
    return result;
  }
  const whole = type();
  if (at !== text.length) fail('something behind the type');
  return whole;
}

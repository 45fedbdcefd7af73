// The eight tables of the TPC-H shape: their columns in order, what each holds, and which are the key
// in DynamoDB. A row is an object of texts, written as in the files of dbgen: `money` has two digits
// after the point, a `date` is YYYY-MM-DD.

const table = (name, keys, columns) => ({
  name,
  keys,
  columns: columns.trim().split(/\s*,\s*/).map((column) => {
    const [columnName, kind] = column.split(/\s+/);
    return { name: columnName, kind };
  }),
});

export const tables = [
  table('region', ['r_regionkey'], 'r_regionkey integer, r_name text, r_comment text'),
  table('nation', ['n_nationkey'], 'n_nationkey integer, n_name text, n_regionkey integer, n_comment text'),
  table('supplier', ['s_suppkey'], `
    s_suppkey integer, s_name text, s_address text, s_nationkey integer, s_phone text,
    s_acctbal money, s_comment text`),
  table('customer', ['c_custkey'], `
    c_custkey integer, c_name text, c_address text, c_nationkey integer, c_phone text,
    c_acctbal money, c_mktsegment text, c_comment text`),
  table('part', ['p_partkey'], `
    p_partkey integer, p_name text, p_mfgr text, p_brand text, p_type text, p_size integer,
    p_container text, p_retailprice money, p_comment text`),
  table('partsupp', ['ps_partkey', 'ps_suppkey'], `
    ps_partkey integer, ps_suppkey integer, ps_availqty integer, ps_supplycost money, ps_comment text`),
  table('orders', ['o_orderkey'], `
    o_orderkey integer, o_custkey integer, o_orderstatus text, o_totalprice money, o_orderdate date,
    o_orderpriority text, o_clerk text, o_shippriority integer, o_comment text`),
  table('lineitem', ['l_orderkey', 'l_linenumber'], `
    l_orderkey integer, l_partkey integer, l_suppkey integer, l_linenumber integer, l_quantity money,
    l_extendedprice money, l_discount money, l_tax money, l_returnflag text, l_linestatus text,
    l_shipdate date, l_commitdate date, l_receiptdate date, l_shipinstruct text, l_shipmode text,
    l_comment text`),
];

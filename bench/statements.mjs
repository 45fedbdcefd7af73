// The statements that several rows run. The table is called bench_table in all of them.
export const chosenAttributes = ['email', 'score', 'active'];
export const chosenAggregate =
  'SELECT max(email), sum(score), count(*) FILTER (WHERE active) FROM bench_table';
// Reads every value of every column.
export const allColumns = 'SELECT count(COLUMNS(*)) FROM bench_table';

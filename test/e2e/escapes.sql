# What served SQL must refuse. One case a line; a # begins a heading. {csv}, {json}, {parquet}, {text} and {database}
# are files with the canary in them, {new} is a path where nothing is, {folder} their folder, {data} the file of
# the dataset `lines`, {http} a server that writes down who asks. \n is a new line. After a `?` it may be answered,
# as long as no path and no canary is in the answer.

# Statements that write.
COPY users TO '{new}'
COPY (SELECT 1) TO '{new}' (FORMAT parquet)
COPY (SELECT 1) TO '{new}' (FORMAT csv, HEADER)
COPY (SELECT * FROM users) TO '{new}' (FORMAT json)
COPY (SELECT 1) TO '{new}' (PARTITION_BY (a))
COPY users FROM '{csv}'
COPY FROM DATABASE spice TO memory
EXPORT DATABASE '{new}'
EXPORT DATABASE spice TO '{new}'
IMPORT DATABASE '{folder}'
CREATE TABLE t (a INTEGER)
CREATE TABLE memory.main.t AS SELECT 1 AS a
CREATE TEMP TABLE t AS SELECT 1 AS a
CREATE OR REPLACE TEMPORARY TABLE t AS FROM read_csv('{csv}')
CREATE VIEW v AS SELECT 1
CREATE TEMP VIEW v AS SELECT * FROM read_csv('{csv}')
CREATE MACRO m() AS TABLE SELECT * FROM read_csv('{csv}')
CREATE TEMP MACRO m(p) AS TABLE SELECT * FROM read_text(p)
CREATE FUNCTION f(a) AS a + 1
CREATE SCHEMA s
CREATE SEQUENCE s
CREATE TYPE mood AS ENUM ('a')
CREATE INDEX i ON users (id)
INSERT INTO users (id) VALUES (99)
INSERT INTO lines SELECT 'x'
UPDATE users SET email = 'x'
DELETE FROM users
TRUNCATE users
MERGE INTO users USING (SELECT 1 AS id) s ON users.id = s.id WHEN MATCHED THEN DELETE
DROP TABLE users
DROP SCHEMA spice.public CASCADE
ALTER TABLE users ADD COLUMN x INTEGER
COMMENT ON TABLE users IS 'x'
WITH x AS (INSERT INTO users (id) VALUES (1) RETURNING *) SELECT * FROM x
WITH x AS (SELECT 1 AS id) INSERT INTO users (id) SELECT id FROM x

# Databases and extensions.
ATTACH '{database}' AS stolen
ATTACH '{database}' AS stolen (READ_ONLY)
ATTACH ':memory:' AS mine
ATTACH IF NOT EXISTS '{new}' AS mine
DETACH spice
DETACH memory
USE memory
USE system
INSTALL httpfs
FORCE INSTALL httpfs FROM '{http}'
LOAD httpfs
LOAD '{text}'
UPDATE EXTENSIONS
CHECKPOINT
FORCE CHECKPOINT
VACUUM
ANALYZE

# Settings.
SET threads = 1
SET GLOBAL memory_limit = '1GB'
SET SESSION search_path = 'memory'
SET enable_external_access = true
SET allowed_directories = ['{folder}']
SET lock_configuration = false
SET temp_directory = '{new}'
SET log_query_path = '{new}'
SET enable_profiling = 'json'
SET profiling_output = '{new}'
SET VARIABLE x = 1
RESET threads
RESET enable_external_access
PRAGMA database_list
PRAGMA enable_profiling
PRAGMA profiling_output = '{new}'
PRAGMA memory_limit = '1GB'
PRAGMA threads = 1
PRAGMA table_info('users')
PRAGMA show_tables
PRAGMA import_database('{folder}')
PRAGMA enable_object_cache
PRAGMA force_checkpoint
PRAGMA json_execute_serialized_sql('{}')
CALL pragma_version()
CALL enable_logging()
CALL force_checkpoint()
CALL read_csv('{csv}')

# Secrets.
CREATE SECRET s (TYPE http, BEARER_TOKEN 'x')
CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')
CREATE OR REPLACE TEMPORARY SECRET s (TYPE s3, KEY_ID 'x', SECRET 'y')
DROP SECRET s
SELECT * FROM duckdb_secrets()
SELECT * FROM duckdb_secrets
SELECT * FROM duckdb_secrets(redact => false)
SELECT * FROM duckdb_secret_types()
SELECT * FROM which_secret('s3://bucket/x', 's3')
FROM which_secret('{http}/x', 'http')

# What tells of the server: its settings, paths, log, environment.
SELECT * FROM duckdb_settings()
SELECT name, value FROM duckdb_settings
SELECT * FROM system.main.duckdb_settings()
SELECT * FROM pg_settings
SELECT * FROM pg_catalog.pg_settings
? SHOW ALL
? SELECT * FROM (SHOW ALL)
SELECT current_setting('temp_directory')
SELECT current_setting('secret_directory')
SELECT current_setting('memory_limit')
SELECT system.main.current_setting('home_directory')
SELECT pg_catalog.current_setting('temp_directory')
SELECT getenv('SPICE_CANARY')
SELECT system.main.getenv('HOME')
? SELECT * FROM duckdb_databases()
? SELECT path FROM duckdb_databases
? SELECT * FROM pragma_database_list
SELECT * FROM pragma_database_list()
SELECT * FROM pragma_database_size()
SELECT * FROM pragma_storage_info('users')
SELECT * FROM pragma_metadata_info('memory')
SELECT * FROM pragma_last_profiling_output()
SELECT * FROM pragma_detailed_profiling_output()
SELECT * FROM pragma_user_agent()
SELECT * FROM duckdb_extensions()
SELECT * FROM duckdb_logs
SELECT * FROM duckdb_logs()
SELECT * FROM duckdb_log_contexts()
SELECT * FROM duckdb_logs_parsed('QueryLog')
SELECT * FROM parse_duckdb_log_message('QueryLog', 'x')
SELECT * FROM duckdb_temporary_files()
SELECT * FROM duckdb_external_file_cache()
SELECT * FROM enable_logging('QueryLog')
SELECT * FROM disable_logging()
SELECT * FROM enable_profiling()
SELECT * FROM truncate_duckdb_logs()
SELECT * FROM checkpoint()
SELECT * FROM force_checkpoint()
SELECT write_log('x')
SELECT * FROM sql_auto_complete('SEL')
SELECT * FROM test_all_types()
SELECT * FROM test_vector_types(NULL::INTEGER)

# SQL in texts.
SELECT * FROM query('SELECT 1')
SELECT * FROM query('SELECT * FROM read_csv(''{csv}'')')
SELECT * FROM query_table('users')
SELECT * FROM query_table(['{csv}'])
SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))
SELECT json_serialize_plan('SELECT * FROM read_csv(''{csv}'')')
SELECT json_serialize_plan('SELECT 1')
SELECT json_deserialize_sql(json_serialize_sql('SELECT 1'))
SELECT txid_current()
SELECT * FROM sumac_rows()
SELECT * FROM dynamodb_scan('users')

# What would end the process, or keep it busy without end.
SELECT lead(id, -9223372036854775808) OVER () FROM users
WITH a AS (FROM users, users u), b AS (FROM a, a x), c AS (FROM b, b x), d AS (FROM c, c x), e AS (FROM d, d x), f AS (FROM e, e x), g AS (FROM f, f x), h AS (FROM g, g x), i AS (FROM h, h x), j AS (FROM i, i x) SELECT count(*) FROM j

# Tables of Sumac's own.
SELECT * FROM memory.accelerated.copy_1
SELECT * FROM sumac_copies_1.sumac.copy_1
SELECT * FROM memory.main.t
SELECT * FROM temp.main.t

# More than one statement, and prepared ones.
SELECT 1; COPY (SELECT 1) TO '{new}'
SELECT 1; SET threads = 1; SELECT 2
SELECT 1;; ;ATTACH '{database}' AS stolen
COPY (SELECT 1) TO '{new}'; SELECT 1
SELECT ';'; DROP TABLE users
SELECT 1 /* ; */; INSTALL httpfs --
BEGIN; SELECT 1; COMMIT
BEGIN TRANSACTION
COMMIT
ROLLBACK
PREPARE p AS SELECT * FROM read_csv('{csv}')
PREPARE p AS COPY (SELECT 1) TO '{new}'
EXECUTE p
PREPARE p AS SELECT 1; EXECUTE p
DEALLOCATE p
EXPLAIN COPY (SELECT 1) TO '{new}'
EXPLAIN ANALYZE COPY (SELECT 1) TO '{new}'
EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1
EXPLAIN ANALYZE INSERT INTO users (id) VALUES (1)
EXPLAIN (FORMAT json) ATTACH '{database}' AS stolen
EXPLAIN ANALYZE EXPLAIN COPY (SELECT 1) TO '{new}'
EXPLAIN SET threads = 1
EXPLAIN PRAGMA database_list
PIVOT (FROM read_csv('{csv}')) ON secret USING count(*)

# Comments, cases, other quotes.
/* SELECT 1 */ COPY (SELECT 1) TO '{new}'
-- SELECT 1\nCOPY (SELECT 1) TO '{new}'
cOpY (SELECT 1) tO '{new}'
\n\n  COPY\n(SELECT 1)\nTO\n'{new}'
COPY (SELECT 1) TO E'{new}'
COPY (SELECT 1) TO $${new}$$
SELECT * FROM READ_CSV('{csv}')
SELECT * FROM "read_csv"('{csv}')
SELECT * FROM "Read_Csv" ('{csv}')
SELECT * FROM read_csv/**/('{csv}')
SELECT * FROM system.main.read_csv('{csv}')
SELECT * FROM "system"."main"."read_text"('{text}')
SELECT * FROM pg_catalog.read_csv('{csv}')
SELECT * FROM read_text(E'{text}')
SELECT * FROM read_text($${text}$$)
SELECT * FROM read_text('{folder}/' || 'canary.txt')
SELECT * FROM read_text(['{text}'])
SELECT * FROM read_csv(getvariable('x'))
SELECT * FROM ｒead_csv('{csv}')
SELECT * FROM re\u200bad_csv('{csv}')
SELECT * FROM U&"read\005fcsv"('{csv}')
SELECT '{csv}'.read_text()
SELECT read_text('{text}')
SELECT content FROM ROWS FROM (read_text('{text}'))

# Where a table stands: {csv} as a file without a function, and each function that opens one.
@tables
read_csv('{csv}')
read_csv('{csv}', all_varchar => true)
read_csv_auto('{csv}')
sniff_csv('{csv}')
read_text('{text}')
read_blob('{text}')
read_json('{json}')
read_json_auto('{json}')
read_ndjson('{json}')
read_ndjson_auto('{json}')
read_json_objects('{json}')
read_ndjson_objects('{json}')
read_json_objects_auto('{json}')
read_parquet('{parquet}')
read_parquet(['{parquet}'])
parquet_scan('{parquet}')
parquet_metadata('{parquet}')
parquet_schema('{parquet}')
parquet_file_metadata('{parquet}')
parquet_kv_metadata('{parquet}')
parquet_bloom_probe('{parquet}', 'a', 1)
read_duckdb('{database}')
glob('{folder}/*')
glob('/etc/*')
'{csv}'
"{csv}"
'{json}'
'{parquet}'
'{folder}/*.csv'
'{data}'
read_csv('{data}')
'{http}/canary.csv'
'{http}/canary.parquet'
read_csv('{http}/canary.csv')
read_parquet('{http}/canary.parquet')
read_text('{http}/canary.txt')
read_text('s3://bucket/canary.txt')
read_csv('/dev/stdin')
read_text('/proc/self/environ')
read_text('/etc/passwd')
arrow_scan(0, 0, 0)
arrow_scan_dumb(0, 0, 0)
pandas_scan(0)
seq_scan('users')
@wrappers
SELECT * FROM {table}
FROM {table}
SELECT count(*) FROM {table}
TABLE {table}
DESCRIBE SELECT * FROM {table}
SUMMARIZE SELECT * FROM {table}
EXPLAIN SELECT * FROM {table}
EXPLAIN ANALYZE SELECT * FROM {table}
WITH x AS MATERIALIZED (SELECT * FROM {table}) SELECT * FROM x
WITH RECURSIVE x AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM x, {table} WHERE n < 2) SELECT * FROM x
SELECT (SELECT count(*) FROM {table}) AS n
SELECT id FROM users WHERE EXISTS (SELECT 1 FROM {table})
SELECT u.id FROM users u, LATERAL (SELECT * FROM {table}) l
SELECT 1 AS a UNION ALL SELECT count(*) FROM {table}
SELECT * FROM (PIVOT (SELECT 1 AS a, 2 AS b) ON a IN (1) USING sum(b)), {table}

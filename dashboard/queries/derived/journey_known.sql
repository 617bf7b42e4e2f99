-- Does a snapshot hold the entries of the journey and the sizes of extracts (`etl/sql/derived/schema.sql`)?
-- Grain: one row, or none.
-- Parameters: none.
select 1
from duckdb_tables()
where database_name = 'snapshot' and schema_name = 'derived' and table_name = 'extract_days'

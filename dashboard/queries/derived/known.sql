-- Does a snapshot have the prepared tables of large ones (`etl/sql/derived/schema.sql`)?
-- Grain: one row, or none.
-- Parameters: none.
select 1
from duckdb_tables()
where database_name = 'snapshot' and schema_name = 'derived' and table_name = 'search_uses'

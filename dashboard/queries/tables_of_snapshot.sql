-- Which tables does the snapshot hold?
-- Grain: one row a table.
-- Parameters: none.
select concat_ws('.', database_name, schema_name, table_name) as held_table
from duckdb_tables()
where database_name = 'snapshot'

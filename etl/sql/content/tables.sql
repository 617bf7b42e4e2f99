-- Which tables does the snapshot under way hold?
-- Grain: one row a table, in the order of their names.
-- Parameters: none.
select table_name
from duckdb_tables()
where database_name = 'snapshot'
order by table_name

-- Which tables does the snapshot under way hold, and which of them are surely empty? Those aside that say again what
-- others say.
-- Grain: one row a table, in the order of their names.
-- Parameters: none.
select
    table_name,
    estimated_size = 0 as is_empty
from duckdb_tables()
where database_name = 'snapshot' and schema_name = 'main'
order by table_name

-- Does the snapshot list what stands in place of persons' names?
-- Grain: one row, or none. Parameters: none.
select 1 from duckdb_tables() where database_name = 'snapshot' and table_name = 'person_names'

-- Does the snapshot list which countries each grouping has?
-- Grain: one row, or none. Parameters: none.
select 1 from duckdb_tables() where database_name = 'snapshot' and table_name = 'grouping_countries'

-- Does the snapshot list what each action may have in common with others?
-- Grain: one row, or none. Parameters: none.
select 1 from duckdb_tables() where database_name = 'snapshot' and table_name = 'action_traits'

-- Does the snapshot have the texts of events and stories, and the actions of each?
-- Grain: one row, or none. Parameters: none.
select 1 from duckdb_tables() where database_name = 'snapshot' and table_name = 'post_texts'

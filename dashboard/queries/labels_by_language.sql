-- Does the snapshot have its texts by language, whatever languages there are?
-- Grain: one row, or none. Parameters: none.
select 1 from duckdb_columns() where database_name = 'snapshot' and table_name = 'codes' and column_name = 'labels'

-- Does the snapshot's `report_spells` say which file each report came from? Older ones do not.
-- Grain: one row when it does, none when it does not.
-- Parameters: none.
select column_name
from duckdb_columns()
where database_name = 'snapshot' and table_name = 'report_spells' and column_name = 'source_file'

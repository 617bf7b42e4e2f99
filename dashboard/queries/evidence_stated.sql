-- Does the snapshot say what stands behind the status of a report?
-- Grain: one row, or none. Parameters: none.
select 1
from duckdb_columns()
where database_name = 'snapshot' and table_name = 'progress_reports' and column_name = 'evidence'

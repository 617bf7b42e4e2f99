-- Does the snapshot say on which day each milestone was told?
-- Grain: one row, or none. Parameters: none.
select 1
from duckdb_columns()
where database_name = 'snapshot' and table_name = 'milestones' and column_name = 'told_on'

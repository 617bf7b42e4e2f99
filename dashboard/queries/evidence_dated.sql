-- Does the snapshot say from which day on which step stands behind a status?
-- Grain: one row, or none. Parameters: none.
select 1
from duckdb_tables()
where database_name = 'snapshot' and table_name = 'evidence_spells'

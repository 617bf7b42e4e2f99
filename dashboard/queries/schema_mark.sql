-- Which schema does the snapshot have?
-- Grain: one row.
-- Parameters: none.
select schema_mark
from snapshot.snapshot_schema

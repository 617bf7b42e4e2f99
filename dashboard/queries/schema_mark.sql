-- By which schema was the snapshot made?
-- Grain: one row.
-- Parameters: none.
select schema_mark
from snapshot.snapshot_schema

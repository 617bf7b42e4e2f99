-- Which entries does the journey have, and since when are they known here? A table beside the snapshot, compressed.
-- Grain: as `dated_entries`.
-- Parameters: none.
create table if not exists kept.main.known_entries as
select * from dated_entries

-- Which entries does the journey have, and since when are they known here? A view: those of a large snapshot stay in
-- it.
-- Grain: as `dated_entries`.
-- Parameters: none.
create or replace view known_entries as
select * from dated_entries

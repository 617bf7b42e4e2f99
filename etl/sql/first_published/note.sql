-- Which entries has a build that were not public before it? They are since it was published.
-- Grain: one row an entry.
insert into noted
select distinct e.entry_id, $published_at::timestamptz
from entries as e
anti join noted as n on e.entry_id = n.entry_id

-- The moments since when the entries of a snapshot have been public.

-- query: all
-- When was each entry first public? In an order that does not depend on anything else.
-- Grain: one row an entry that was ever published here.
select entry_id, known_at
from noted
order by known_at, entry_id;

-- query: not_yet
-- Which entries have a noted moment later than now, because the clock was wrong then? They are public now.
-- Grain: one row an entry.
-- Parameters: published_at, the moment of the build that is being published.
update noted
set known_at = $published_at::timestamptz
where known_at > $published_at::timestamptz;

-- query: note
-- Which entries of a build were not public before it? They are public since its publication.
-- Grain: one row an entry.
insert into noted
select distinct e.entry_id, $published_at::timestamptz
from entries as e
anti join noted as n on e.entry_id = n.entry_id;

-- query: noted
-- What is the noted first moment of each entry of the journey?
-- Grain: one row an entry that was ever published here.
create table noted as
select entry_id, known_at
from read_parquet($file);

-- query: nothing_noted
-- The empty note.
-- Grain: none.
create table noted (entry_id uuid, known_at timestamptz);

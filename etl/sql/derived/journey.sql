-- Which entries of one kind does the journey have?
-- Grain: one row an entry and the days it holds on.
-- Parameters: $kind.
insert into snapshot.derived.journey by name
select *
from entries
where kind = $kind
order by on_date desc nulls last;

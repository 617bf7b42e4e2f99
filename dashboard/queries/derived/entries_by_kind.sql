-- What is the result of `entry_counts.sql` by kind, for all actions, whenever an entry became known?
-- Grain: one row a kind with at least one entry, as there.
-- Parameters: as_of, posts_until, this_day, kinds, coming, since, until (as `entries_among` has them).
select
    kind,
    sum(entries)::bigint as entries
from journey_among(
    $as_of, $posts_until::date, $this_day, $kinds, $coming::boolean, $since::date, $until::date
)
group by kind
order by kind

-- What is the result of `entry_counts.sql` by day, for all actions, by the day of the entry, whenever it became known?
-- Grain: one row a day with at least one entry, as there.
-- Parameters: as_of, posts_until, this_day, kinds, coming, since, until (as `entries_among` has them).
select
    null::timestamptz as known_first,
    on_date,
    sum(entries)::bigint as entries
from journey_among(
    $as_of, $posts_until::date, $this_day, $kinds, $coming::boolean, $since::date, $until::date
)
group by on_date
order by on_date desc nulls last

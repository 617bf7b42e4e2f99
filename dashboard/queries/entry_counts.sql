-- How many entries are new for these actions, by kind, or by their day and the moment they became known here? The
-- entries are those of `latest`; days are in its order. `query_templates` inserts the groups of the count.
-- Grain: one row a kind, or a day and (with by_known) a moment, with at least one entry.
-- Parameters: selection; everything (nothing is filtered); posts_until, this_day, kinds, first_kind, last_kind,
-- coming, since, until, known_after, known_until, entry_id (as `entries_among` has them); by_known.
with chosen as (  -- noqa: ST03
    select action_no
    from numbered_actions($selection)
)

select
    -- by
    count(*) as entries
from entries_among(
    'chosen', $everything::boolean, $as_of, $posts_until::date, $this_day, $kinds, $first_kind, $last_kind,
    $coming::boolean, $since::date, $until::date, $known_after::timestamptz, $known_until::timestamptz,
    $entry_id::uuid
)
group by all
-- order

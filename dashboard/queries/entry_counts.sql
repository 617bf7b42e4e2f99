-- How many entries are new for these actions, by kind, or by their day and the moment they became known here? The
-- entries are those of `latest`; days are in its order. `query_templates` inserts the groups of the count.
-- Grain: one row a kind, or a day and (with by_known) a moment, with at least one entry.
-- Parameters: selection; everything (nothing is filtered); posts_until, this_day, kinds, first_kind, last_kind,
-- coming, since, until, known_after, known_until, entry_id (as `entries_among` has them); by_known.
with chosen as (
    select action_no
    from numbered_actions($selection)
),

among as not materialized (
    select *
    from entries_among(
        $as_of, $posts_until::date, $this_day, $kinds, $first_kind, $last_kind, $coming::boolean, $since::date,
        $until::date, $known_after::timestamptz, $known_until::timestamptz, $entry_id::uuid
    )
),

-- Apart, so that the database reads the entries of the chosen actions alone.
selected as not materialized (
    select * from among
    where $everything::boolean
    union all
    select e.* from among as e
    semi join chosen as c on e.action_no = c.action_no
    where not $everything::boolean and e.item_id is null
    union all
    select * from among
    where
        not $everything::boolean
        and item_id is not null
        and (kind, item_id) in (
            select (p.kind, p.id) from post_actions as p semi join chosen as c on p.action_no = c.action_no
        )
)

select
    -- by
    count(*) as entries
from selected
group by all
-- order

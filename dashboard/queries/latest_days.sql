-- On which days happened what is new in these actions, in the order of `latest`, and how much is it?
-- Grain: one row a day with at least one entry and, with by_known, a moment they became known here.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q; everything (nothing is filtered);
-- posts_until, this_day, kinds, first_kind, last_kind, coming, since, until, known_after, known_until,
-- entry_id (as `entries_among` has them); by_known.
with chosen as (
    select action_no
    from numbered_actions(
        $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
        $statuses, $evidence, $q
    )
)

select
    if($by_known::boolean, known_at, null) as known_first,
    on_date,
    count(*) as entries
from entries_among(
    $as_of, $posts_until::date, $this_day, $kinds, $first_kind, $last_kind, $coming::boolean, $since::date,
    $until::date, $known_after::timestamptz, $known_until::timestamptz, $entry_id::uuid
)
where
    $everything::boolean
    or action_no in (select c.action_no from chosen as c)
    or (kind, item_id) in (
        select (p.kind, p.id) from post_actions as p semi join chosen as c on p.action_no = c.action_no
    )
group by all
order by known_first desc nulls last, on_date desc nulls last

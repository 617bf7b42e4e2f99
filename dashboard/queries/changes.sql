-- On which days did the number of reported, known and completed actions change, and by how much?
-- The actions are those in the selection on `as_of`; a completion may be taken back later.
-- Grain: one row a day and direction (reports that come into force, reports that another one replaces).
-- Parameters: as_of, regions, subregions, countries, categories, themes, groups, statuses, q.
with spells as materialized (
    select
        valid_from,
        valid_to,
        (place_status(status) = 1)::tinyint as completed,
        (not is_unknown(place_status(status)))::tinyint as known
    from report_spells
    where
        valid_from <= $as_of
        and action_no in (
            select action_no
            from selected_actions(
                $as_of, $regions, $subregions, $countries, $categories, $themes, $groups, $statuses, $q
            )
        )
)

select
    valid_from as on_date,
    sum(completed)::bigint as completed,
    sum(known)::bigint as known,
    count(*) as reported
from spells
group by valid_from
union all
select
    valid_to as on_date,
    -sum(completed)::bigint as completed,
    -sum(known)::bigint as known,
    -count(*) as reported
from spells
where valid_to <= $as_of
group by valid_to

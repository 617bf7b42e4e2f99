-- On which days did the number of reported, known and completed actions change, member by member of a dimension?
-- Known are those with a status that is understood. The actions are those in the selection on `as_of`; a completion or
-- a status may be taken back later.
-- Grain: one row a member, day and direction (reports that come into force, reports that another one replaces).
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q; dimension.
with members as (
    select
        a.action_no,
        m.member
    from counted_actions(
        $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
        $statuses, $evidence, $q
    ) as a
    inner join action_members as m on a.action_no = m.action_no
    where m.dimension = $dimension
),

spells as materialized (
    select
        m.member,
        s.valid_from,
        s.valid_to,
        place_status(s.status) as status_no
    from report_spells as s
    inner join members as m on s.action_no = m.action_no
    where s.valid_from <= $as_of
)

select
    member as code,
    valid_from as on_date,
    count(*) filter (status_no = 1) as completed,
    count(*) filter (not is_unknown(status_no)) as known,
    count(*) as reported
from spells
group by member, valid_from
union all
select
    member as code,
    valid_to as on_date,
    -count(*) filter (status_no = 1) as completed,
    -count(*) filter (not is_unknown(status_no)) as known,
    -count(*) as reported
from spells
where valid_to <= $as_of
group by member, valid_to

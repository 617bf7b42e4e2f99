-- How far are the actions that are members of both: one of one dimension, one of another?
-- Grain: one row a pair of members with at least one action.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q;
-- row_dimension, column_dimension.
select
    r.member as row_code,
    c.member as column_code,
    count(*) as actions,
    count(*) filter (a.status_no < 6) as reported,
    count(*) filter (a.status_no = 1) as completed,
    count(*) filter (a.is_on_time) as on_time,
    count(*) filter (is_unknown(a.status_no) or a.is_on_time is null) as on_time_unknown,
    count(*) filter (a.status_no = 6) as not_reported,
    count(*) filter (is_unknown(a.status_no)) as unknown
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
) as a
inner join action_members as r on a.action_no = r.action_no and r.dimension = $row_dimension
inner join action_members as c on a.action_no = c.action_no and c.dimension = $column_dimension
group by r.member, c.member

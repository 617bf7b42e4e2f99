-- What stands behind the status of the completed actions that are members of both: one of one dimension, one of
-- another?
-- Grain: one row for the completed actions of a pair of one step; `dashboard.measures.evidence` adds them up.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q;
-- row_dimension, column_dimension.
select
    r.member as row_code,
    c.member as column_code,
    coalesce(e.step_no, 0)::utinyint as step_no,
    count(*) as actions
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
) as a
left join evidence_on($as_of) as e on a.action_no = e.action_no
inner join action_members as r on a.action_no = r.action_no and r.dimension = $row_dimension
inner join action_members as c on a.action_no = c.action_no and c.dimension = $column_dimension
where a.is_completed
group by all

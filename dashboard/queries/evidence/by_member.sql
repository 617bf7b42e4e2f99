-- What stands behind the status of the completed actions of each member of a dimension?
-- Grain: one row for the completed actions of a member of one step; `dashboard.measures.evidence` adds them up.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q; dimension.
select
    d.member as code,
    coalesce(e.step_no, 0)::utinyint as step_no,
    count(*) as actions
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
) as a
left join evidence_on($as_of) as e on a.action_no = e.action_no
inner join action_members as d on a.action_no = d.action_no and d.dimension = $dimension
where a.is_completed
group by all

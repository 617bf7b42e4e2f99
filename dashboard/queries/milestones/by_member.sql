-- What became of the milestones of the actions of each member of a dimension?
-- Grain: one row for the milestones of a member that are alike in this; `dashboard.measures.milestones` adds them up.
-- A milestone of an action with several members is in the rows of each.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q; dimension.
select
    d.member as code,
    m.outcome_no,
    m.is_late,
    m.is_soon,
    count(*) as milestones
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
) as a
inner join milestones_on($as_of) as m on a.action_no = m.action_no
inner join action_members as d on a.action_no = d.action_no and d.dimension = $dimension
group by all

-- What became of the milestones of the actions that are members of both: one of one dimension, one of another?
-- Grain: one row for the milestones of a pair of members that are alike in this; `dashboard.measures.milestones` adds
-- them up.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q;
-- row_dimension, column_dimension.
select
    r.member as row_code,
    c.member as column_code,
    m.outcome_no,
    m.is_late,
    m.is_soon,
    count(*) as milestones
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
) as a
inner join milestones_on($as_of) as m on a.action_no = m.action_no
inner join action_members as r on a.action_no = r.action_no and r.dimension = $row_dimension
inner join action_members as c on a.action_no = c.action_no and c.dimension = $column_dimension
group by all

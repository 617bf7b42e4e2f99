-- How far are the actions of each member of a dimension?
-- Grain: one row for the actions of a member that are alike in this; `dashboard.measures.counts` adds them up.
-- An action with several members is in the rows of each.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q; dimension.
select
    m.member as code,
    a.status_no,
    a.is_overdue,
    a.is_on_time,
    count(*) as actions
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
) as a
inner join action_members as m on a.action_no = m.action_no
where m.dimension = $dimension
group by all

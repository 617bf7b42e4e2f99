-- What became of the milestones that were or are due in each month?
-- Grain: one row for the milestones of a month that are alike in this; `dashboard.measures.milestones` adds them up.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q.
select
    coalesce(strftime(m.due_on, '%Y-%m'), 'unclassified') as code,
    m.outcome_no,
    m.is_late,
    m.is_soon,
    count(*) as milestones
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
) as a
inner join milestones_on($as_of) as m on a.action_no = m.action_no
group by all

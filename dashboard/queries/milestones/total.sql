-- How many milestones do the actions of a selection have, and what became of them by the day?
-- Grain: one row for the milestones that are alike in this; `dashboard.measures.milestones` adds them up.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q.
select
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

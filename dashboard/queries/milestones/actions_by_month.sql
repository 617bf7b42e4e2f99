-- How far are the actions that have a milestone due in each month?
-- Grain: one row for the actions of a month that are alike in this; `dashboard.measures.milestones` adds them up.
-- An action with milestones in several months is in the rows of each.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q.
with months as (
    select distinct
        action_no,
        coalesce(strftime(due_on, '%Y-%m'), 'unclassified') as code
    from milestones
)

select
    m.code,
    a.status_no,
    a.is_overdue,
    a.is_on_time,
    count(*) as actions
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
) as a
inner join months as m on a.action_no = m.action_no
group by all

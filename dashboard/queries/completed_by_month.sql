-- In which months were the actions completed that are known to be completed on the day? The day of a completion is the
-- one that the report in force states, else that of the report; `unclassified` where neither is told.
-- Grain: one row a month with at least one.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q.
select
    coalesce(strftime(a.completed_on, '%Y-%m'), 'unclassified') as code,
    count(*) as completed
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
) as a
where a.status_no = 1
group by code
order by code

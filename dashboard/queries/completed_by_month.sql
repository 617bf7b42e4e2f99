-- In which months were the actions completed that are known to be completed on the day? The day of a completion is the
-- one that the report in force states, else that of the report.
-- Grain: one row a month with at least one.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q.
select
    strftime(a.completed_on, '%Y-%m') as code,
    count(*) as completed
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
) as a
where a.completed_on is not null
group by code
order by code

-- How many stakeholders are there, and of how many is nothing known, since none of their actions has a report?
-- Grain: one row.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q.
with stakeholders as (
    select
        o.stakeholder_id,
        bool_or(a.is_reported) as is_reported
    from selected_actions(
        $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
        $statuses, $evidence, $q
    ) as a
    inner join actions as o on a.action_no = o.action_no
    group by o.stakeholder_id
)

select
    count(*) as stakeholders,
    count(*) filter (not is_reported) as silent
from stakeholders

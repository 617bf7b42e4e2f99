-- How far are the actions that are members of both: one of one dimension, one of another?
-- Grain: one row a pair of members with at least one action.
-- Parameters: as_of, regions, subregions, countries, categories, themes, groups, statuses, q;
-- row_dimension, row_codes, column_dimension, column_codes (the codes that may be listed, in order).
with tally as (
    select
        r.member as row_code,
        c.member as column_code,
        count(*) as actions,
        count(*) filter (a.status_no < 6) as reported,
        count(*) filter (a.status_no = 1) as completed
    from selected_actions($as_of, $regions, $subregions, $countries, $categories, $themes, $groups, $statuses, $q) as a
    inner join action_members as r on a.action_no = r.action_no and r.dimension = $row_dimension
    inner join action_members as c on a.action_no = c.action_no and c.dimension = $column_dimension
    group by r.member, c.member
)

select
    row_code,
    column_code,
    actions,
    reported,
    completed,
    completed / actions as completion_rate,
    reported / actions as reporting_rate,
    completed / nullif(reported, 0) as completion_rate_reporting,
    (completed + actions - reported) / actions as upper_bound
from tally
where list_contains($row_codes::varchar[], row_code) and list_contains($column_codes::varchar[], column_code)
order by list_position($row_codes::varchar[], row_code), list_position($column_codes::varchar[], column_code)

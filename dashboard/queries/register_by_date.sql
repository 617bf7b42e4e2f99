-- Which actions stand on one page of the register, by a column of dates?
-- By the column itself: of what comes after the page, the database then leaves out whole blocks of rows unread.
-- Grain: one row an action, in the order asked for; equal ones keep the register's own order.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q;
-- sort (a column), descending, row_limit, row_offset.
with keyed as (
    select
        action_no,
        register_date($sort, submitted_on, due_on, reported_on, completed_on) as date_key
    from counted_actions(
        $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
        $statuses, $evidence, $q
    )
)

select action_no
from keyed
order by
    case when $descending then date_key end desc nulls last,
    case when not $descending then date_key end asc nulls last,
    action_no asc
limit $row_limit offset $row_offset

-- Which actions stand on one page of the register, by a column of numbers or codes?
-- Grain: one row an action, in the order asked for; equal ones keep the register's own order.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q;
-- sort (a column), code_order (the codes of that column in their codelist's order, else null),
-- descending, row_limit, row_offset.
select action_no
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
)
order by
    register_number(
        $sort, $descending, $code_order, percent, is_overdue, status, category, stakeholder_group
    ) asc nulls last,
    action_no asc
limit $row_limit offset $row_offset

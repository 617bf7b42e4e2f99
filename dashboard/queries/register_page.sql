-- Which actions are on one page of the register, by one of its columns? `query_templates` inserts its key. For dates
-- the key is the column itself: the database then skips whole blocks of rows after the page.
-- Grain: one row an action, in the requested order; equal ones keep the register's order.
-- Parameters: selection; sort (a column), code_order (the codes of that column in their codelist's order, else null),
-- descending, row_limit, row_offset.
with keyed as (
    select
        -- key
        action_no
    from counted_actions($selection)
)

select action_no
from keyed
order by
    case when $descending then key end desc nulls last,
    case when not $descending then key end asc nulls last,
    action_no asc
limit $row_limit offset $row_offset

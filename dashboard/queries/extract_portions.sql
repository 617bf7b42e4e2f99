-- Which portions of actions does a selection have, so that a large extract is written piece by piece?
-- Grain: one row a portion, in the register's order, with the numbers of its first and its last action, and of all its
-- actions.
-- Parameters: selection; portion (actions in one).
with numbered as (
    select
        action_no,
        (row_number() over (order by action_no) - 1) // $portion::bigint as portion_no
    from numbered_actions($selection)
)

select
    min(action_no) as first_no,
    max(action_no) as last_no,
    count(*) as actions
from numbered
group by portion_no
order by portion_no

-- What is the state of these actions on the day, in short?
-- Grain: one row an action, in the register's order.
-- Parameters: numbers (action_no of each), as_of.
select
    action_no,
    action_id,
    title,
    language,
    stakeholder_id,
    stakeholder,
    status,
    status_code,
    is_completed,
    completed_on
from actions_on($as_of)
where list_contains($numbers::integer[], action_no)
order by action_no

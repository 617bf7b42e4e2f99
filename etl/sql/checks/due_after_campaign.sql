-- severity: note
-- Which actions are due after the campaign's end?
-- Grain: one row an action.
select a.action_no, 'due_on' as field, a.due_on::varchar as value, '≤ ' || c.ends_on as expected
from snapshot.actions as a
cross join snapshot.campaign as c
where a.due_on > c.ends_on

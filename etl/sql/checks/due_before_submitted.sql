-- severity: warning
-- Which actions are due before they were submitted?
-- Grain: one row an action.
select a.action_no, 'due_on' as field, a.due_on::varchar as value, '≥ ' || a.submitted_on as expected
from snapshot.actions as a
cross join snapshot.campaign as c
where a.due_on < a.submitted_on and a.due_on <> c.action_deadline_on

-- severity: warning
-- Which actions name no stakeholder?
-- Grain: one row an action.
select a.action_no, 'stakeholder' as field, null::varchar as value, null::varchar as expected
from snapshot.actions as a
where a.stakeholder is null

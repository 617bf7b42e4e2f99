-- severity: note
-- Which actions have an id but no title?
-- Grain: one row an action.
select a.action_no, 'title' as field, null::varchar as value, null::varchar as expected
from snapshot.actions as a
where a.title is null

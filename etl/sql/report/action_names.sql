-- How are these actions called in the published snapshot?
-- Grain: one row an action.
select action_id, stakeholder, title
from snapshot.actions
where list_contains($action_ids::varchar[], action_id)

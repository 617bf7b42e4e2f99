-- Is there an action of this id that the newest version of its register no longer holds?
-- Grain: one row such an action. Parameter: asked.
select action_id
from snapshot.gone_actions
where action_id = $asked;

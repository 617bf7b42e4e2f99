-- Which actions do events and stories belong to in a snapshot of an older program? Each to one at most.
-- Grain: one row an event or story with an action. Parameters: none.
create view post_actions as
select 'event' as kind, e.id, a.action_no, e.action_id, 'id' as matched_by
from snapshot.events as e
inner join snapshot.actions as a on e.action_id = a.action_id
union all
select 'story', s.id, a.action_no, s.action_id, 'id'
from snapshot.stories as s
inner join snapshot.actions as a on s.action_id = a.action_id

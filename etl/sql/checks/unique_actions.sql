-- severity: error
-- Which action ids stand for more than one action?
-- Grain: one row an offending id.
select action_id, count(*) as actions
from snapshot.actions
group by action_id
having count(*) > 1;

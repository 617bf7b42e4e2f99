-- severity: warning
-- Which milestones are due after their action is?
-- Grain: one row a milestone.
-- Nothing without: snapshot.milestones.
select m.milestone_no, 'due_on' as field, m.due_on::varchar as value, '≤ ' || a.due_on as expected
from snapshot.milestones as m
inner join snapshot.actions as a on m.action_no = a.action_no
where m.due_on > a.due_on

-- severity: note
-- Which milestones were reached before their action was submitted?
-- Grain: one row a milestone.
-- Nothing without: snapshot.milestones.
select m.milestone_no, 'reached_on' as field, m.reached_on::varchar as value, '≥ ' || a.submitted_on as expected
from snapshot.milestones as m
inner join snapshot.actions as a on m.action_no = a.action_no
where m.reached_on < a.submitted_on

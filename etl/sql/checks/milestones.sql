-- What of milestones contradicts itself or their action?

-- query: milestone_date_implausible
-- severity: warning
-- Which milestones are dated more than a year before or after the campaign?
-- Grain: one row a milestone and date.
-- Nothing without: snapshot.milestones.
with dates as (
    select milestone_no, 'due_on' as field, due_on as on_date from snapshot.milestones
    union all
    select milestone_no, 'reached_on', reached_on from snapshot.milestones
)

select
    m.milestone_no, d.field, d.on_date::varchar as value,
    (c.starts_on - interval 1 year)::date || ' … ' || (c.ends_on + interval 1 year)::date as expected
from dates as d
inner join snapshot.milestones as m on d.milestone_no = m.milestone_no
cross join snapshot.campaign as c
where d.on_date not between (c.starts_on - interval 1 year)::date and (c.ends_on + interval 1 year)::date;

-- query: milestone_due_after_deadline
-- severity: warning
-- Which milestones are due after their action is?
-- Grain: one row a milestone.
-- Nothing without: snapshot.milestones.
select m.milestone_no, 'due_on' as field, m.due_on::varchar as value, '≤ ' || a.due_on as expected
from snapshot.milestones as m
inner join snapshot.actions as a on m.action_no = a.action_no
where m.due_on > a.due_on;

-- query: milestone_reached_before_submitted
-- severity: note
-- Which milestones were reached before their action was submitted?
-- Grain: one row a milestone.
-- Nothing without: snapshot.milestones.
select m.milestone_no, 'reached_on' as field, m.reached_on::varchar as value, '≥ ' || a.submitted_on as expected
from snapshot.milestones as m
inner join snapshot.actions as a on m.action_no = a.action_no
where m.reached_on < a.submitted_on;

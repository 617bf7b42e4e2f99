-- Which milestones do the actions of a selection have, and what is the state of each on the day?
-- Grain: one row a milestone, the earliest due first; `found` is how many there are in all.
-- Parameters: selection; most.
select
    m.action_id,
    a.title,
    a.language,
    m.label,
    m.due_on,
    case when m.reached_on <= $as_of then m.reached_on end as reached_on,
    m.outcome_no,
    count(*) over () as found
from milestones_on($as_of) as m
inner join actions as a on m.action_no = a.action_no
where m.action_no in (
    select c.action_no
    from counted_actions($selection) as c
)
order by m.due_on nulls last, m.milestone_no
limit $most

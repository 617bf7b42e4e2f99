-- Which milestones have these actions, and what is the outcome of each by the day?
-- Grain: one row a milestone, in the register's order of actions, the earliest due first.
-- Parameters: selection; lang; first, last (action_no of a portion).
with chosen as (
    select action_no, title, stakeholder
    from selected_actions($selection)
    where action_no between $first and $last
)

select
    m.action_id,
    c.title as action_title,
    stakeholder_in(c.stakeholder, $lang) as stakeholder,
    m.label as milestone,
    m.due_on,
    m.reached_on,
    coalesce(m.due_on <= $as_of, false) as is_due,
    coalesce(m.reached_on <= $as_of, false) as is_reached,
    outcome_code(m.outcome_no) as outcome,
    m.told_on,
    m.source_file,
    m.source_sheet,
    m.source_row
from milestones_on($as_of) as m
inner join chosen as c on m.action_no = c.action_no
order by m.action_no, m.due_on nulls last, m.milestone_no

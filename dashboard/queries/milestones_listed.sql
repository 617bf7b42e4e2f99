-- Which milestones of a selection have one of the outcomes on the day?
-- Grain: one row a milestone, the earliest due first; with `is_soon` only those due in the next 30 days.
-- Parameters: selection; outcome, is_soon, lang, row_limit, row_offset.
select
    m.action_id,
    m.label,
    m.due_on,
    m.reached_on,
    m.outcome_no,
    a.title,
    a.stakeholder_id,
    stakeholder_in(a.stakeholder, $lang) as stakeholder,
    a.status,
    a.reported_on,
    a.language
from selected_actions($selection) as a
inner join milestones_on($as_of) as m on a.action_no = m.action_no
where m.outcome_no = $outcome and (not $is_soon or m.is_soon)
order by m.due_on nulls last, a.action_no, m.milestone_no
limit $row_limit offset $row_offset

-- Which milestones has one action, what became of each by the day, and where is it written?
-- Grain: one row a milestone, in the order of the days that it was reached on or is due on, those without a day last.
-- Parameters: action_id, as_of.
select
    label,
    due_on,
    case when outcome_no in (1, 4) then reached_on end as reached_on,
    -- On the page of an action one that is reached before it is due is reached.
    if(outcome_no = 4, 'reached', outcome_code(outcome_no)) as outcome,
    coalesce(case when outcome_no in (1, 4) then reached_on end, due_on) as on_date,
    source_file,
    source_sheet,
    source_row
from milestones_on($as_of)
where action_id = $action_id
order by on_date nulls last, milestone_no

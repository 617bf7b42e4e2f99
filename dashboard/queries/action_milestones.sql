-- Which milestones does one action have, what is the outcome of each by the day, and where is its source?
-- Grain: one row a milestone, in the order of the days of reaching or else of the deadline, those without a day last.
-- Parameters: action_id, as_of.
select
    label,
    due_on,
    case when outcome_no in (1, 4) then reached_on end as reached_on,
    -- On an action's page, a milestone reached before it is due is reached.
    if(outcome_no = 4, 'reached', outcome_code(outcome_no)) as outcome,
    coalesce(case when outcome_no in (1, 4) then reached_on end, due_on) as on_date,
    source_file,
    source_sheet,
    source_row
from milestones_on($as_of)
where action_id = $action_id
order by on_date nulls last, milestone_no

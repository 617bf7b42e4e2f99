-- Which milestones has one action, and when was each reached?
-- Grain: one row a milestone, the earliest due first.
-- Parameters: action_id.
select
    label,
    due_on,
    reached_on,
    source_file,
    source_sheet,
    source_row
from milestones
where action_id = $action_id
order by due_on nulls last, milestone_no

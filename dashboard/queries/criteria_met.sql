-- Which criteria of a good commitment does each action meet? A table beside the snapshot: to gather the criteria of all
-- actions takes longer than to count those of a selection.
-- Grain: one row an action. `criteria_no` has a bit for each criterion, in their order.
-- Parameters: none.
create table if not exists criteria_met as
select
    action_no,
    sum(
        is_met::utinyint
        << (list_position(['specific', 'measurable', 'achievable', 'relevant', 'time_bound'], criterion) - 1)
    )::utinyint as criteria_no
from commitment_criteria
group by action_no
order by action_no

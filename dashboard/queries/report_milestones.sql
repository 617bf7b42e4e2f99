-- Which milestones do the actions of a stakeholder's link have, and when was each reached?
-- Grain: one row an action and label, in the order of the actions' files; of each action the first `most`.
-- Parameters: as_of, action_ids (a list), most.
with labelled as (
    select
        action_id,
        label,
        min(milestone_no) as first_no,
        min(due_on) as due_on,
        min(case when reached_on <= $as_of then reached_on end) as reached_on
    from milestones
    where list_contains($action_ids::varchar[], action_id)
    group by action_id, label
)

select
    action_id,
    label,
    due_on,
    reached_on
from labelled
qualify row_number() over (partition by action_id order by first_no) <= $most
order by first_no

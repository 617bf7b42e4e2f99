-- What did some actions promise, and what did their last report state on the day?
-- Grain: one row an action.
-- Parameters: as_of, action_ids (a list).
select
    action_id,
    title,
    stakeholder_id,
    stakeholder,
    language,
    submitted_on,
    due_on,
    reported_on,
    case when is_reported then status end as status,
    status_code,
    percent,
    completed_on
from actions_on($as_of)
where list_contains($action_ids::varchar[], action_id)

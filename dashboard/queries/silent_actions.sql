-- Which actions lack an answer on the day, and what was their last report?
-- Grain: one row an action, the one silent for longest first.
-- Parameters: selection; kind (never: no report; unknown: none that says how far it is; since: neither completed nor
-- discontinued, and no report since a day), since (that day; null for the other kinds).
select
    action_no,
    action_id,
    title,
    stakeholder_id,
    stakeholder,
    stakeholder_group,
    category,
    language,
    submitted_on,
    due_on,
    reported_on,
    status,
    status_code,
    percent,
    ($as_of::date - coalesce(reported_on, submitted_on))::integer as silent_days
from selected_actions($selection)
where
    case $kind
        when 'never' then not is_reported
        when 'unknown' then is_unknown(status_no)
        else status_no not in (1, 4) and (not is_reported or reported_on < $since::date)
    end
order by silent_days desc nulls last, action_no

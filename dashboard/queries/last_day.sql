-- What is the state of every action on the last day, without the texts of actions? A table beside the snapshot: most
-- pages show that day, and joining actions to their reports is half the time of counting them.
-- Grain: one row an action.
-- Parameters: last_date.
create table if not exists last_day as
select
    action_no,
    stakeholder_id,
    stakeholder_group,
    category,
    submitted_on,
    source_file,
    classification_file,
    report_no,
    report_file,
    status_code,
    status,
    status_no,
    is_reported,
    reported_on,
    is_completed,
    is_overdue,
    is_on_time,
    completed_on,
    due_on,
    percent
from actions_on($last_date)
order by action_no

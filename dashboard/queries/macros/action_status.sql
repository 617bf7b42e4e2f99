-- Macros that say how each action stands on a day: its report in force, and its status.

-- Every action with its report in force on the day `as_of`. `status_no` is the place of the status in a stacked bar:
-- completed, in_progress, not_started, discontinued, unclassified, not_reported. `completed_on`: the stated day, else
-- that of the first of the reports in a row that state the completion; a day for a whole file is no day of completion.
-- `is_on_time` is null where no report states the day of completion and the first one that states the completion came
-- after the deadline.
-- Grain: one row an action.
create macro actions_on(as_of) as table
with in_force as (
    select
        action_no,
        report_no,
        valid_from as reported_on,
        percent,
        status_code,
        status,
        coalesce(completed_on, status_since) as done_by,
        case when completed_on is not null or not is_day_of_file then done_by end as done_on,
        completed_on is not null as is_day_stated,
        source_file as report_file,
        place_status(status) as status_no
    from report_spells
    where valid_from <= as_of and as_of < valid_to
)

select
    a.action_no,
    a.action_id,
    a.title,
    a.stakeholder_id,
    a.stakeholder,
    a.stakeholder_group,
    a.category,
    a.scope,
    a.submitted_on,
    a.due_on,
    a.language,
    a.search_text,
    a.source_file,
    a.classification_file,
    s.report_no,
    s.report_file,
    s.reported_on,
    s.percent,
    s.status_code,
    case when s.report_no is null then 'not_reported' else coalesce(s.status, 'unclassified') end as status,
    coalesce(s.status_no, 6) as status_no,
    s.report_no is not null as is_reported,
    coalesce(s.status_no = 1, false) as is_completed,
    as_of > a.due_on and coalesce(s.status_no not in (1, 4), true) as is_overdue,
    case
        when coalesce(s.status_no = 1, false) = false then false
        when s.done_by <= a.due_on then true
        when s.is_day_stated then false
    end as is_on_time,
    case when s.status_no = 1 then s.done_on end as completed_on
from actions as a
left join in_force as s on a.action_no = s.action_no;

-- Grain: one action on a day. The survey wave of its report in force.
create macro wave_of(report_in_force, wave_of_report) as
if(report_in_force is null, 'not_reported', coalesce(wave_of_report, 'no_wave'));

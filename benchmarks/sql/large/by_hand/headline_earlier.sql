-- The same of all actions on an earlier day.
-- Grain: one row a status and files.
-- Parameters: as_of.
select
    s.status,
    $as_of > a.due_on and coalesce(s.status not in ('completed', 'discontinued'), true) as is_overdue,
    s.status = 'completed' and coalesce(s.completed_on, s.status_since) <= a.due_on as is_on_time,
    a.source_file,
    s.source_file as report_file,
    count(*) as actions
from actions as a
left join report_spells as s on a.action_no = s.action_no and s.valid_from <= $as_of and s.valid_to > $as_of
group by all

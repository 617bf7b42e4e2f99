-- severity: warning
-- Which reports say less than an earlier one about the same action (completed, then in progress)?
-- Grain: one row a report that is in force.
-- Nothing without: snapshot.report_spells.
with firsts as (
    select
        action_no,
        min(valid_from) filter (where status = 'completed') as completed_from,
        min(valid_from) filter (where status in ('completed', 'in_progress')) as started_from
    from snapshot.report_spells
    group by action_no
),

back as (
    select s.report_no, if(s.valid_from > f.completed_from, 'completed', 'in_progress') as before
    from snapshot.report_spells as s
    inner join firsts as f on s.action_no = f.action_no
    where
        (s.status in ('in_progress', 'not_started') and s.valid_from > f.completed_from)
        or (s.status = 'not_started' and s.valid_from > f.started_from)
)

select r.report_no, 'status' as field, r.status_code as value, b.before as expected
from back as b
inner join snapshot.progress_reports as r on b.report_no = r.report_no

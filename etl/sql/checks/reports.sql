-- What of progress reports contradicts itself, their action or the campaign?

-- query: completed_after_report
-- severity: warning
-- Which reports say that the action was completed on a day after the report?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports where completed_on is not null.
select r.report_no, 'completed_on' as field, r.completed_on::varchar as value, '≤ ' || r.reported_on as expected
from snapshot.progress_reports as r
where r.completed_on > r.reported_on;

-- query: completed_before_submitted
-- severity: warning
-- Which reports say that the action was completed before it was submitted?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports where completed_on is not null.
select r.report_no, 'completed_on' as field, r.completed_on::varchar as value, '≥ ' || a.submitted_on as expected
from snapshot.progress_reports as r
inner join snapshot.actions as a on r.action_no = a.action_no
where r.completed_on < a.submitted_on;

-- query: completed_below_100
-- severity: warning
-- Which reports say completed and give a percentage below 100?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports where percent is not null.
select r.report_no, 'percent' as field, r.percent::varchar as value, '100' as expected
from snapshot.progress_reports as r
where r.status = 'completed' and r.percent < 100;

-- query: completed_date_implausible
-- severity: warning
-- Which reports state a completion more than a year before or after the campaign?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports where completed_on is not null.
select
    r.report_no, 'completed_on' as field, r.completed_on::varchar as value,
    (c.starts_on - interval 1 year)::date || ' … ' || (c.ends_on + interval 1 year)::date as expected
from snapshot.progress_reports as r
cross join snapshot.campaign as c
where r.completed_on not between (c.starts_on - interval 1 year)::date and (c.ends_on + interval 1 year)::date;

-- query: completion_date_without_status
-- severity: warning
-- Which reports state a day of completion but not the status completed?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports where completed_on is not null.
select r.report_no, 'status' as field, r.status_code as value, 'completed' as expected
from snapshot.progress_reports as r
where r.completed_on is not null and r.status is distinct from 'completed';

-- query: full_but_not_completed
-- severity: warning
-- Which reports give 100 percent but not the status completed?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports where percent is not null.
select r.report_no, 'status' as field, r.status_code as value, 'completed' as expected
from snapshot.progress_reports as r
where r.percent = 100 and r.status is distinct from 'completed';

-- query: progress_but_not_started
-- severity: warning
-- Which reports say not started and give a percentage above 0?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports where percent is not null.
select r.report_no, 'percent' as field, r.percent::varchar as value, '0' as expected
from snapshot.progress_reports as r
where r.status = 'not_started' and r.percent > 0;

-- query: progress_goes_back
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
inner join snapshot.progress_reports as r on b.report_no = r.report_no;

-- query: report_date_implausible
-- severity: warning
-- Which reports are dated more than a year before or after the campaign (2201, say)?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports.
select
    r.report_no, 'reported_on' as field, r.reported_on::varchar as value,
    (c.starts_on - interval 1 year)::date || ' … ' || (c.ends_on + interval 1 year)::date as expected
from snapshot.progress_reports as r
cross join snapshot.campaign as c
where r.reported_on not between (c.starts_on - interval 1 year)::date and (c.ends_on + interval 1 year)::date;

-- query: report_id_again
-- severity: note
-- Which report ids came again with another status, percentage or day of completion?
-- Grain: one row a report whose answers another one of the same id contradicts.
-- Where the same id speaks of the same action the latest answer counts; where of several, each counts.
-- Nothing without: report_rows where report_id is not null.
with again as (
    select recipe_no, report_id
    from report_rows
    where report_id is not null
    group by recipe_no, report_id
    having count(*) > 1
),

told as (
    select r.*, concat_ws(' / ', r.status_code, r.percent, r.completed_on) as said
    from report_rows as r
    semi join again as g on r.recipe_no = g.recipe_no and r.report_id = g.report_id
),

latest as (
    select
        recipe_no,
        report_id,
        arg_max(said, (coalesce(submitted_at, timestamptz '0001-01-01'), row_no)) as said
    from told
    group by recipe_no, report_id
)

select
    k.action_id,
    f.source_file,
    f.sheet,
    t.source_row,
    'report_id' as field,
    t.report_id || ': ' || t.said as value,
    l.said as expected
from told as t
inner join latest as l on t.recipe_no = l.recipe_no and t.report_id = l.report_id and t.said <> l.said
inner join sheets as f on t.sheet_no = f.sheet_no
left join kept_actions as k on t.action_no = k.action_no;

-- query: reported_before_submitted
-- severity: warning
-- Which reports are dated before their action was submitted?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports.
select r.report_no, 'reported_on' as field, r.reported_on::varchar as value, '≥ ' || a.submitted_on as expected
from snapshot.progress_reports as r
inner join snapshot.actions as a on r.action_no = a.action_no
where r.reported_on < a.submitted_on;

-- query: reported_long_after_deadline
-- severity: note
-- Which reports came more than half a year after the action deadline?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports.
select
    r.report_no, 'reported_on' as field, r.reported_on::varchar as value,
    '≤ ' || (c.action_deadline_on + interval 6 months)::date as expected
from snapshot.progress_reports as r
cross join snapshot.campaign as c
where
    r.reported_on > (c.action_deadline_on + interval 6 months)::date
    and r.reported_on <= (c.ends_on + interval 1 year)::date;

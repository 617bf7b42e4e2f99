-- severity: warning
-- Which reports state a completion more than a year before or after the campaign?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports.
select
    r.report_no, 'completed_on' as field, r.completed_on::varchar as value,
    (c.starts_on - interval 1 year)::date || ' … ' || (c.ends_on + interval 1 year)::date as expected
from snapshot.progress_reports as r
cross join snapshot.campaign as c
where r.completed_on not between (c.starts_on - interval 1 year)::date and (c.ends_on + interval 1 year)::date

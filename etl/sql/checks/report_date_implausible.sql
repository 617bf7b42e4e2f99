-- severity: warning
-- Which reports are dated more than a year before or after the campaign (2201, say)?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports.
select
    r.report_no, 'reported_on' as field, r.reported_on::varchar as value,
    (c.starts_on - interval 1 year)::date || ' … ' || (c.ends_on + interval 1 year)::date as expected
from snapshot.progress_reports as r
cross join snapshot.campaign as c
where r.reported_on not between (c.starts_on - interval 1 year)::date and (c.ends_on + interval 1 year)::date

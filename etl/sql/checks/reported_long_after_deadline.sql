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
    and r.reported_on <= (c.ends_on + interval 1 year)::date

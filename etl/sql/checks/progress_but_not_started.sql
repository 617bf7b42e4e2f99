-- severity: warning
-- Which reports say not started and give a percentage above 0?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports.
select r.report_no, 'percent' as field, r.percent::varchar as value, '0' as expected
from snapshot.progress_reports as r
where r.status = 'not_started' and r.percent > 0

-- severity: warning
-- Which reports say completed and give a percentage below 100?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports.
select r.report_no, 'percent' as field, r.percent::varchar as value, '100' as expected
from snapshot.progress_reports as r
where r.status = 'completed' and r.percent < 100

-- severity: warning
-- Which reports give 100 percent but not the status completed?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports.
select r.report_no, 'status' as field, r.status_code as value, 'completed' as expected
from snapshot.progress_reports as r
where r.percent = 100 and r.status is distinct from 'completed'

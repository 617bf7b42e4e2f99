-- severity: warning
-- Which reports say that the action was completed on a day after the report?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports.
select r.report_no, 'completed_on' as field, r.completed_on::varchar as value, '≤ ' || r.reported_on as expected
from snapshot.progress_reports as r
where r.completed_on > r.reported_on

-- severity: warning
-- Which reports say that the action was completed before it was submitted?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports.
select r.report_no, 'completed_on' as field, r.completed_on::varchar as value, '≥ ' || a.submitted_on as expected
from snapshot.progress_reports as r
inner join snapshot.actions as a on r.action_no = a.action_no
where r.completed_on < a.submitted_on

-- severity: warning
-- Which reports are dated before their action was submitted?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports.
select r.report_no, 'reported_on' as field, r.reported_on::varchar as value, '≥ ' || a.submitted_on as expected
from snapshot.progress_reports as r
inner join snapshot.actions as a on r.action_no = a.action_no
where r.reported_on < a.submitted_on

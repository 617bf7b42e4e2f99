-- severity: warning
-- Which statuses were reviewed or verified on a day before the report that states them?
-- Grain: one row a report and step.
-- Nothing without: snapshot.progress_reports.
select s.report_no, s.step || '_on' as field, s.on_date::varchar as value, '≥ ' || r.reported_on as expected
from snapshot.evidence_steps as s
inner join snapshot.progress_reports as r on s.report_no = r.report_no
where s.step in ('reviewed', 'verified') and s.on_date < r.reported_on

-- severity: warning
-- Which reports name a proof, a review or a verification, but no status that is understood?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports.
select
    report_no,
    'status' as field,
    coalesce(evidence_source, reviewed_on::varchar, verified_on::varchar) as value,
    null as expected
from snapshot.progress_reports
where status is null and coalesce(evidence_source, reviewed_on::varchar, verified_on::varchar) is not null

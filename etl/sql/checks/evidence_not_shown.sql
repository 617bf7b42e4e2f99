-- severity: note
-- Which statuses were reviewed or verified, but neither their report nor one before it of this status names a proof?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports.
with shown as (
    select r.action_no, r.status, min(r.reported_on) as shown_on
    from snapshot.evidence_steps as s
    inner join snapshot.progress_reports as r on s.report_no = r.report_no
    where s.source is not null
    group by r.action_no, r.status
)

select r.report_no, 'evidence' as field, r.evidence as value, null as expected
from snapshot.progress_reports as r
left join shown as s on r.action_no = s.action_no and r.status = s.status
where
    r.action_no is not null
    and r.evidence in ('reviewed', 'verified')
    and (s.shown_on is null or s.shown_on > r.reported_on)

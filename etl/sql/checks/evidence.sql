-- What of the evidence behind statuses contradicts itself, or is not shown?

-- query: evidence_before_report
-- severity: warning
-- Which statuses were reviewed or verified on a day before the report that states them?
-- Grain: one row a report and step.
-- Nothing without: snapshot.evidence_steps where step in ('reviewed', 'verified').
select s.report_no, s.step || '_on' as field, s.on_date::varchar as value, '≥ ' || r.reported_on as expected
from snapshot.evidence_steps as s
inner join snapshot.progress_reports as r on s.report_no = r.report_no
where s.step in ('reviewed', 'verified') and s.on_date < r.reported_on;

-- query: evidence_no_address
-- severity: warning
-- Which proofs look like an address of the web but cannot be opened as one?
-- Grain: one row a report and source.
-- Nothing without: (select 1 from snapshot.evidence_steps where source is not null
--     union all select 1 from snapshot.progress_reports where evidence_source is not null).
with sources as (
    select report_no, source
    from snapshot.evidence_steps
    where source is not null
    union
    select report_no, evidence_source
    from snapshot.progress_reports
    where evidence_source is not null
)

select report_no, 'evidence' as field, source as value, 'https://…' as expected
from sources
where
    regexp_matches(source, '(?i)^\s*(h[tps]+:|www\.)|://')
    and not regexp_full_match(source, '(?i)https?://[^\s/.]+(\.[^\s/.]+)+([/?#]\S*)?');

-- query: evidence_not_shown
-- severity: note
-- Which statuses were reviewed or verified, but neither their report nor one before it of this status names a proof?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports where evidence in ('reviewed', 'verified').
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
    and (s.shown_on is null or s.shown_on > r.reported_on);

-- query: evidence_without_status
-- severity: warning
-- Which reports name a proof, a review or a verification, but no status that is understood?
-- Grain: one row a report.
-- Nothing without: snapshot.progress_reports where status is null.
select
    report_no,
    'status' as field,
    coalesce(evidence_source, reviewed_on::varchar, verified_on::varchar) as value,
    null as expected
from snapshot.progress_reports
where status is null and coalesce(evidence_source, reviewed_on::varchar, verified_on::varchar) is not null;

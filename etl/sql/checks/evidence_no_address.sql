-- severity: warning
-- Which proofs look like an address of the web but cannot be opened as one?
-- Grain: one row a report and source.
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
    and not regexp_full_match(source, '(?i)https?://[^\s/.]+(\.[^\s/.]+)+([/?#]\S*)?')

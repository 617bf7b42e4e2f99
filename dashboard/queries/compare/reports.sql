-- Which progress reports does one of two compared snapshots hold? A report is identified by its content, not by its
-- place.
-- Grain: one row a progress report.
-- Parameters: none.
select
    hash(
        action_id,
        stakeholder,
        action_title,
        reported_on,
        coalesce(status_code, status),
        percent,
        wave,
        narrative,
        completed_on
    ) as content
from progress_reports

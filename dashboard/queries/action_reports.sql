-- What has been reported about one action, and where is each report written?
-- Grain: one row a progress report, the latest first.
-- Parameters: action_id.
select
    reported_on,
    submitted_at,
    coalesce(status, 'unclassified') as status,
    status_code,
    percent,
    completed_on,
    wave,
    language,
    narrative,
    matched_by,
    source_file,
    source_sheet,
    source_row
from progress_reports
where action_id = $action_id
order by reported_on desc, submitted_at desc nulls last, report_no desc

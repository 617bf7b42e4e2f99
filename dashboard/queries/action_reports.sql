-- Which reports does one action have, what did the report before state, and where is the source of each?
-- Grain: one row a progress report, the latest first.
-- Parameters: action_id.
select
    report_no,
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
    source_row,
    lag(reported_on) over told as reported_before,
    lag(coalesce(status, 'unclassified')) over told as status_before,
    lag(status_code) over told as status_code_before,
    lag(percent) over told as percent_before
from progress_reports
where action_id = $action_id
window told as (order by reported_on asc, submitted_at asc nulls first, report_no asc)
order by reported_on desc, submitted_at desc nulls last, report_no desc

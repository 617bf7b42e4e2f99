-- Which progress reports match no action, and which action is the likeliest?
-- Grain: one row a report without an action, the latest first.
-- Parameters: file (null: all), most.
with likeliest as (
    select
        left_id as report_key,
        arg_max(right_id, (score, right_id)) as action_id,
        arg_max(right_name, (score, right_id)) as action_name
    from suggested_duplicates
    where kind = 'report'
    group by left_id
)

select
    r.stakeholder,
    r.action_title as title,
    r.reported_on,
    coalesce(r.status_code, r.status) as status,
    r.wave,
    l.action_name as likely_action,
    r.source_file,
    r.source_sheet as sheet,
    r.source_row,
    l.action_id,
    count(*) over () as rows_in_all
from progress_reports as r
left join likeliest as l on r.report_key = l.report_key
where r.action_no is null and ($file is null or r.source_file = $file)
order by r.reported_on desc, r.source_file, r.source_row
limit $most

-- Which reports without an action have a likely one?
-- Grain: one row a report and likely action; whole reports are counted and left out.
-- Parameters: file (null: all), most, first (reports to leave out before the first).
with asked as (
    select
        d.left_id,
        max(d.score) as best,
        count(*) over () as rows_in_all
    from suggested_duplicates as d
    where
        d.kind = 'report'
        and (
            $file is null
            or d.left_id in (select report_key from progress_reports where action_no is null and source_file = $file)
        )
    group by d.left_id
    order by best desc, d.left_id
    limit $most offset $first
),

told as (
    select
        report_key,
        arg_max(report_no, reported_on) as report_no,
        count(*) as reports
    from progress_reports
    where action_no is null
    group by report_key
)

select
    k.left_id,
    d.left_name,
    r.stakeholder,
    r.action_title,
    r.reported_on,
    coalesce(r.status_code, r.status) as status,
    r.narrative,
    t.reports,
    r.source_file,
    r.source_sheet as sheet,
    r.source_row,
    d.right_id,
    d.right_name,
    d.score,
    d.why,
    k.rows_in_all
from asked as k
inner join suggested_duplicates as d on d.kind = 'report' and k.left_id = d.left_id
left join told as t on k.left_id = t.report_key
left join progress_reports as r on t.report_no = r.report_no
order by k.best desc, k.left_id, d.score desc, d.right_id

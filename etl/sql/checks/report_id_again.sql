-- severity: note
-- Which report ids came again with another status, percentage or day of completion?
-- Grain: one row a report whose answers another one of the same id contradicts.
-- Where the same id speaks of the same action the latest answer counts; where of several, each counts.
-- Nothing without: report_rows.
with again as (
    select recipe_no, report_id
    from report_rows
    where report_id is not null
    group by recipe_no, report_id
    having count(*) > 1
),

told as (
    select r.*, concat_ws(' / ', r.status_code, r.percent, r.completed_on) as said
    from report_rows as r
    semi join again as g on r.recipe_no = g.recipe_no and r.report_id = g.report_id
),

latest as (
    select
        recipe_no,
        report_id,
        arg_max(said, (coalesce(submitted_at, timestamptz '0001-01-01'), row_no)) as said
    from told
    group by recipe_no, report_id
)

select
    k.action_id,
    f.source_file,
    f.sheet,
    t.source_row,
    'report_id' as field,
    t.report_id || ': ' || t.said as value,
    l.said as expected
from told as t
inner join latest as l on t.recipe_no = l.recipe_no and t.report_id = l.report_id and t.said <> l.said
inner join sheets as f on t.sheet_no = f.sheet_no
left join kept_actions as k on t.action_no = k.action_no

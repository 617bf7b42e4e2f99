-- Which checks were made, and how much did each find?
-- Grain: one row a check; warnings come before notes, what found most first. Of one file the listed rows are counted.
-- Parameters: file (null: all).
with listed as (
    select check_id, count(*) as rows_found from check_results where source_file = $file group by check_id
)

select
    t.check_id,
    t.severity,
    case when $file is null then t.rows_found else coalesce(l.rows_found, 0) end as rows_found,
    case when $file is null then t.rows_listed else coalesce(l.rows_found, 0) end as rows_listed
from check_totals as t
left join listed as l on t.check_id = l.check_id
order by t.severity desc, 3 desc, t.check_id

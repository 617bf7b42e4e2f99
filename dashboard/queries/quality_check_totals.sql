-- Which checks ran, and how many rows did each find?
-- Grain: one row a check; warnings come before notes, the check with most rows first. For one file only its listed rows
-- count; notes without a check have listed rows only.
-- Parameters: file (null: all).
with listed as (
    select
        check_id,
        severity,
        count(*) as rows_found
    from check_results
    where $file is null or source_file = $file
    group by check_id, severity
)

select
    coalesce(t.check_id, l.check_id) as check_id,
    coalesce(t.severity, l.severity) as severity,
    case when $file is null then coalesce(t.rows_found, l.rows_found) else coalesce(l.rows_found, 0) end as rows_found
from check_totals as t
full join listed as l on t.check_id = l.check_id
order by 2 desc, 3 desc, 1

-- What is the latest day of a report in each of some files?
-- Grain: one row a file with any. Parameter: files.
with days as (
    select sheet_no, coalesce(reported_on, submitted_at_day) as on_day from staged_actions
    union all
    select sheet_no, coalesce(reported_on, submitted_at_day) from staged_progress_reports
)

select s.file_name, max(d.on_day)::varchar as last_day
from days as d
inner join sheets as s on d.sheet_no = s.sheet_no
where list_contains($files::varchar[], s.file_name)
group by s.file_name
having max(d.on_day) is not null;

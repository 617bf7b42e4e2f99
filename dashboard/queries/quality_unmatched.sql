-- Which values match no code (or are no date or percentage)? Their fields stay empty, their rows are kept.
-- Grain: one row a distinct value of a file's field, the most frequent first.
-- Parameters: file (null: all), most.
select
    value,
    field,
    nearest_code,
    "rows" as row_count,
    source_file,
    count(*) over () as rows_in_all
from unmatched_values
where $file is null or source_file = $file
order by "rows" desc, source_file, field, value
limit $most

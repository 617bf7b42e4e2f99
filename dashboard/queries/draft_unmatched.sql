-- Which values of the uploaded files are no dates or percentages? Their fields stay empty, their rows are kept.
-- Grain: one row a distinct value of a file's field, the most frequent first; in_all counts them all.
-- Parameters: files, most.
select
    source_file,
    field,
    value,
    "rows",
    nearest_code,
    count(*) over () as in_all
from unmatched_values
where word_key is null and list_contains($files::varchar[], source_file)
order by "rows" desc, source_file, field, value
limit $most

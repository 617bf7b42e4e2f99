-- Which rows of the uploaded files were rejected, and why? Their cells stay out: a preview shows no contacts.
-- Grain: one row a rejected row of an uploaded file, the first ones only; rows_in_all counts them all.
-- Parameters: files, most.
select
    source_file,
    sheet,
    source_row,
    reason,
    count(*) over () as rows_in_all
from rejected_rows
where list_contains($files::varchar[], source_file)
order by source_file, sheet, source_row
limit $most

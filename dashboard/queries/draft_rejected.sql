-- Which rows of the uploaded files were rejected, and why? Their cells stay out: a preview shows no contacts.
-- Grain: one row a rejected row of an uploaded file, the first ones only; in_all counts them all, rows_of_reason
-- those that are rejected for the same reason.
-- Parameters: files, most.
select
    source_file,
    sheet,
    source_row,
    reason,
    count(*) over () as in_all,
    count(*) over (partition by reason) as rows_of_reason
from rejected_rows
where list_contains($files::varchar[], source_file)
order by source_file, sheet, source_row
limit $most

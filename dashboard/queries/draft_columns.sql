-- Which open columns look like a field, so that a draft is not published before staff have said what they are?
-- Grain: one row a column, of any file of the draft, those that would be understood best first.
-- Parameters: files (the uploads; a file inside an uploaded ZIP archive is named after it).
with uploads as (select unnest($files::varchar[]) as upload)

select
    c.source_file,
    c.sheet,
    c.header,
    c.filled,
    c.looks_like,
    c.understood,
    u.upload
from input_columns as c
left join uploads as u on c.source_file = u.upload or starts_with(c.source_file, u.upload || '/')
where c.is_asked
order by c.understood desc nulls last, c.source_file, c.sheet, c.column_no

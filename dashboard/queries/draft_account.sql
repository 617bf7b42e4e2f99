-- How many rows of the uploaded files counted, were merged or rejected?
-- Grain: one row an input file that was uploaded, or came in an archive that was.
-- Parameters: files, uploads (what each of them is or came in).
with given as (select unnest($files::varchar[]) as source_file, unnest($uploads::varchar[]) as upload)

select upload, source_file, columns('^(recipe|rows_.+)$')
from input_files
inner join given using (source_file)
order by upload, source_file

-- What became of the rows of the uploaded files?
-- A file inside an uploaded ZIP archive is named after it: `exports.zip/actions.csv`.
-- Grain: one row an input file that was uploaded, or came in an archive that was.
-- Parameters: files.
with uploads as (select unnest($files::varchar[]) as upload)

select upload, source_file, columns('^(recipe|rows_.+)$')
from input_files
inner join uploads on source_file = upload or starts_with(source_file, upload || '/')
order by upload, source_file

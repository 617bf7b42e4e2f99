-- What are the real names of a build's files and sheets? Runs in the private store.
-- Grain: one row a sheet, and one a file without a read sheet.
-- Parameters: none.
select
    source_file,
    sheet,
    file_name,
    sheet_name
from private.input_names

-- What are the files and sheets of a build really called? Asked of the private store.
-- Grain: one row a sheet, and one a file of which no sheet was read.
-- Parameters: none.
select
    source_file,
    sheet,
    file_name,
    sheet_name
from private.input_names

-- What are files and sheets called when some names are replaced?
-- Grain: one row a sheet, and one a file of which no sheet was read.
-- Parameters: names, replacements (of one length).
create table private.input_names as
select
    source_file,
    sheet,
    renamed(file_name, $names, $replacements) as file_name,
    renamed(sheet_name, $names, $replacements) as sheet_name
from held.input_names;

-- Which files were read, and how many of their rows counted?
-- Grain: one row a file.
-- Parameters: none.
select
    source_file,
    recipe,
    rows_read,
    rows_accepted,
    rows_merged,
    rows_rejected,
    sha256
from input_files
order by source_file

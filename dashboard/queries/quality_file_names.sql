-- Which files were read?
-- Grain: one row a file.
-- Parameters: none.
select source_file
from input_files
order by source_file

-- What became of the rows of each file?
-- Grain: one row a file.
select source_file, sha256, recipe, rows_read, rows_accepted, rows_merged, rows_rejected
from snapshot.input_files
order by source_file

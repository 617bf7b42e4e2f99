-- severity: error
-- Which files have rows that are neither accepted, merged nor rejected (or counted twice)?
-- Grain: one row an offending file; none means the account adds up.
select source_file, rows_read, rows_accepted, rows_merged, rows_rejected
from snapshot.input_files
where rows_read <> rows_accepted + rows_merged + rows_rejected;

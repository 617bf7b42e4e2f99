-- severity: error
-- Which files have rows that are neither accepted, merged nor rejected (or counted twice)?
-- Grain: one row an offending file; none means the account adds up.
select f.file_name, i.rows_read, i.rows_accepted, i.rows_merged, i.rows_rejected
from snapshot.input_files as i
inner join files as f on i.source_file = f.source_file
where i.rows_read <> i.rows_accepted + i.rows_merged + i.rows_rejected;

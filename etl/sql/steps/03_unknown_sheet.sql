-- The rows of a sheet of which nobody knows what it is are rejected, and nothing is made of them.
-- Parameters: kind, sheet_no, reason (`raw_rows` stands for the sheet's raw table).
-- Grain: one row a row.
insert into rejections
select $kind, $sheet_no, source_row, null, null, $reason
from raw_rows;

delete from raw_rows;

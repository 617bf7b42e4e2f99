-- The rows that do not count are rejected, and nothing is made of them any more: not an action, a date or an answer.
-- Only an understood heading is shown: all else in such a row may be a name, since its cells need not match their
-- headers (`raw_rows` stands for the sheet's raw table).
-- Parameters: kind, sheet_no.
-- Grain: one row a rejected row.
insert into rejections
select $kind, $sheet_no, source_row, field, value, reason
from told_rows;

delete from raw_rows
where source_row in (select source_row from told_rows);

-- The rows that are none are rejected, and nothing is made of them any more: not an action, a date or an answer.
-- Shown is only what a heading says that is understood: what else such a row holds may be a name, since its cells need
-- not be what their headers say (`raw_rows` stands for the sheet's raw table).
-- Parameters: kind, sheet_no.
-- Grain: one row a row that was told.
insert into rejections
select $kind, $sheet_no, source_row, field, value, reason
from told_rows;

delete from raw_rows
where source_row in (select source_row from told_rows);

-- Every row of a sheet that no recipe reads is rejected: nothing is lost unsaid.
-- Grain: one row a row of the sheet (`raw_rows` stands for its raw table).
insert into rejections
select null, $sheet_no, source_row, null, null, 'no recipe reads this sheet'
from raw_rows;

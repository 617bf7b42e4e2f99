-- The rows of a sheet with an unknown meaning are rejected, and nothing is made of them.
-- Parameters: kind, sheet_no; answer: staff's answer (`raw_rows` stands for the sheet's raw table).
-- Grain: one row a row.
insert into rejections
select
    $kind,
    $sheet_no,
    source_row,
    null,
    null,
    if(
        $answer = 'unknown',
        'staff do not know whether it is a register',
        'it is a classification, but no recipe reads it as one'
    )
from raw_rows;

delete from raw_rows;

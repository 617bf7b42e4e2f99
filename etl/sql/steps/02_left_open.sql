-- Rows with an unknown or unanswered meaning are left out: nothing is made of them.
-- Parameters: first_row, last_row; what: the reason to leave them out.
-- Grain: one row a row (`raw_rows` stands for the sheet's raw table).
insert into told_rows
select
    source_row,
    case $what
        when 'moved' then 'it stands below headers in another order'
        when 'apart' then 'it may be another table'
        when 'column' then 'it held the end of a column that begins a row too low'
    end as reason,
    null as field,
    null as value
from raw_rows
where
    source_row between $first_row and $last_row
    and source_row not in (select source_row from told_rows);

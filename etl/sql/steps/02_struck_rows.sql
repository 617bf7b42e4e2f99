-- Which rows are struck through, by half of their cells? They are left out unless staff count them.
-- Parameters: kind, sheet_no; is_counted: whether staff count them (`raw_rows` stands for the sheet's raw table).
-- Grain: one row a row.
insert into asked_rows
with filled as (select source_row, list_value(*columns('^c\d+$')) as cells from raw_rows)

select $sheet_no, 'struck_rows', f.source_row, null, f.cells
from filled as f
inner join struck_cells as s on s.sheet_no = $sheet_no and f.source_row = s.source_row
where 2 * s.cells >= list_count(f.cells);

insert into rejections
select $kind, sheet_no, source_row, null, null, 'it is struck through'
from asked_rows
where sheet_no = $sheet_no and what = 'struck_rows' and not $is_counted;

delete from raw_rows
where
    not $is_counted
    and source_row in (select source_row from asked_rows where sheet_no = $sheet_no and what = 'struck_rows');

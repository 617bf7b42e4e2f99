-- A row of a text file with a cell too many has shifted, mostly by a separator inside an unquoted text: none of its
-- cells surely stands under its header, so the row is rejected, and nobody reads or shows its content. Empty cells are
-- none too many: they only end the line.
-- Grain: one row a row that is written wider than the headers (`raw_rows` stands for the sheet's raw table).
-- Parameters: kind, sheet_no, header_cells.
insert into rejections
with written as (
    select source_row, list_value(*columns(* exclude (source_row))) as cells
    from raw_rows
)

select $kind, $sheet_no, source_row, null, null, 'it has more cells than there are headers'
from written
where len(list_filter(cells[$header_cells + 1:], lambda cell: cell is not null)) > 0;

delete from raw_rows
where source_row in (select source_row from rejections where sheet_no = $sheet_no);

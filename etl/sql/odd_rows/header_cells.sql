-- What stands in a row that repeats the headers, folded, and in which column?
-- Parameters: source_row.
-- Grain: one row a cell.
select folded, column_no
from odd_cells
where source_row = $source_row
order by column_no;

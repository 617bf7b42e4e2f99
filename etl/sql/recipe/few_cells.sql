-- The distinct cells of the columns that have few (`$most`) and short ones (`$longest`), the most frequent first.
-- Grain: one row a column and cell.
select c.column_no, c.cell, c.row_count
from column_cells as c
inner join column_profiles as p on c.column_no = p.column_no
where p.kinds <= $most and p.letters <= $longest
order by c.column_no, c.row_count desc, c.first_row

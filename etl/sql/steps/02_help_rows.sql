-- Which line explains for each column how it is filled in?
-- Parameters: sheet_no; titles, as in `02_odd_rows`.
-- Grain: one row a row that is asked about.
insert into asked_rows
select $sheet_no, 'test_rows', c.source_row, first(c.words order by c.column_no), any_value(r.cells)
from odd_cells as c
inner join listed_rows as r on c.source_row = r.source_row
where
    c.source_row not in (select source_row from told_rows)
    and c.source_row not in (select source_row from asked_rows where sheet_no = $sheet_no)
group by c.source_row
having count(*) >= 3 and bool_and(c.is_help);

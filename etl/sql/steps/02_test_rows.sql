-- Which rows may have been written to try the file, by their title or stakeholder? The title alone is shown: a
-- stakeholder may be a person.
-- Parameters: sheet_no; titles, makers, as in `02_odd_rows`.
-- Grain: one row a row that is asked about.
insert into asked_rows
select
    $sheet_no,
    'test_rows',
    c.source_row,
    first(c.words order by c.column_no) filter (list_contains($titles, c.column_no)),
    any_value(r.cells)
from odd_cells as c
inner join listed_rows as r on c.source_row = r.source_row
where
    (list_contains($titles, c.column_no) or list_contains($makers, c.column_no))
    and c.is_test
    and c.source_row not in (select source_row from told_rows)
group by c.source_row;

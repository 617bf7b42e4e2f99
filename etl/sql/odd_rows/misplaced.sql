-- Which rows of a sheet have got out of place?
-- Parameters: sheet_no.
-- Grain: one row a place.
select what, min(first_row), max(last_row), max(column_no)
from misplaced_rows
where sheet_no = $sheet_no
group by what
order by what;

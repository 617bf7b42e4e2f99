-- Where do the headers of a sheet stand again in other columns, and which is the last row below each?
-- Parameters: sheet_no.
-- Grain: one row a header row.
select source_row, lead(source_row, 1, last_row + 1) over (order by source_row) - 1
from moved_headers
where sheet_no = $sheet_no and source_row < last_row
order by source_row;

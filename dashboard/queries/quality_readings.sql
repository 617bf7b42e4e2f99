-- How was each column read that could be read in several ways, and what decided it?
-- Grain: one row a column and reading; those that something else than their own cells decided first.
-- Parameters: file (null: all), most.
select
    source_file,
    sheet,
    header,
    field,
    reading,
    decided_by,
    cells,
    evidence,
    ambiguous,
    count(*) over () as rows_in_all
from column_readings
where $file is null or source_file = $file
order by decided_by = 'values', ambiguous desc, source_file, sheet, header, reading
limit $most

-- Which rows were rejected, why, and what are their cells? The build left personal columns out.
-- Grain: one row a rejected row of an input file.
-- Parameters: file (null: all), most.
with listed as (
    select *, count(*) over () as rows_in_all
    from rejected_rows
    where $file is null or source_file = $file
    order by source_file, sheet, source_row
    limit $most
)

select
    reason,
    source_file,
    sheet,
    source_row,
    field,
    value,
    array_to_string(
        list_transform(map_entries("row"::map (varchar, varchar)), lambda entry: entry.key || ': ' || entry.value),
        chr(10)
    ) as content,
    rows_in_all
from listed
order by source_file, sheet, source_row

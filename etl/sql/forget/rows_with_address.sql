-- Which rows of a sheet hold the address in any cell?
-- Grain: one row a sheet row. Parameter: address, in small letters.
with sheet_rows as (
    select
        source_row,
        list_value(*columns(* exclude (source_row))) as cells
    from looked
)

select
    source_row,
    cells
from sheet_rows
where contains(replace(lower(array_to_string(cells, chr(31))), '%40', '@'), $address)
order by source_row;

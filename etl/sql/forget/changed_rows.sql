-- Which rows of a sheet read otherwise in the file written anew?
-- Grain: one row a sheet row. Parameter: width, the columns of the wider of the two.
with rows_before as (
    select
        source_row,
        list_resize(list_value(*columns(* exclude (source_row))), $width) as cells
    from sheet_before
),

rows_after as (
    select
        source_row,
        list_resize(list_value(*columns(* exclude (source_row))), $width) as cells
    from sheet_after
)

select
    source_row,
    b.cells as cells_before,
    a.cells as cells_after
from rows_before as b
full join rows_after as a using (source_row)
where b.cells is distinct from a.cells;

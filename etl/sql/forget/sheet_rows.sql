-- What does a sheet hold?
-- Grain: one row a sheet row that is not blank.
select
    source_row,
    list_value(*columns(* exclude (source_row))) as cells
from looked
order by source_row;

-- What is the order of a list's rows, sorted by one of its columns?
-- Grain: one row a row of `listed`, which stands for the list's query, with its parameters; equal rows keep the order
-- of that query.
-- Parameters: sort (a column), descending, last (the place of the last row).
with placed as (
    select
        *,
        row_number() over () as list_place
    from listed
)

select *
from placed
order by
    case when $descending then columns([$sort]) end desc nulls last,
    case when not $descending then columns([$sort]) end asc nulls last,
    list_place asc
limit $last

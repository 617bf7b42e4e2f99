-- Which rows of a table are asked for by OData, as JSON? `dashboard.web.odata.odata_answers` inserts the statement of
-- the table, its columns, a filter with bound values, and the order, at the names and comments below.
-- Grain: one row a record, in the order that is asked for, and in it in the table's own.
-- Parameters: none (beside those of the table and of the filter).
with numbered as (
    select
        *,
        row_number() over () as row_no
    from listed_rows
)

select
    -- record
    row_no
from numbered
where
    -- filter
    true
order by
    -- order
    row_no

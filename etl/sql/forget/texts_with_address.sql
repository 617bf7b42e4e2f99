-- Which rows of a table, written as text, hold the address?
-- Grain: one row a table row. Parameters: table_name, in full; address, in small letters.
with table_rows as (
    select t::varchar as row_text
    from query_table($table_name) as t
)

select row_text
from table_rows
where contains(lower(row_text), $address);

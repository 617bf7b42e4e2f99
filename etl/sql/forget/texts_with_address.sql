-- Which rows of a table, written as text, hold the address or a part of it?
-- Grain: one row a table row. Parameters: table_name, in full; address, or the part, in small letters.
with table_rows as (
    select t::varchar as row_text
    from query_table($table_name) as t
)

select row_text
from table_rows
where contains(replace(lower(row_text), '%40', '@'), $address);

-- Which statement makes an empty table with the columns of a table or a view of the work database?
-- Grain: one row.
-- Parameters: name.
select format(
    'create or replace table {} ({})',
    $name,
    string_agg(format('"{}" {}', column_name, data_type), ', ' order by column_index)
) as statement
from duckdb_columns()
where database_name = current_database() and table_name = $name

-- What do the rows of a table say, in whatever order they stand?
-- A row's hash changes with every value, and the sums with every row; they do not change with the order of rows. The
-- hash of several values is that of the last one put over those before it, so it is hashed once more: else two rows
-- that swap their last values might add up to the same.
-- The statements of all tables are asked as one, so that they are planned together and all cores take part.
-- Grain: one row.
-- Parameters: none; raw_rows stands for a table's full name, values_in_order and values_turned_round for the two lists
-- of its values (`content/tables`).
select
    'raw_rows' as table_name,
    count(*) as row_count,
    coalesce(sum(hash(hash(values_in_order))), 0)::varchar as first_sum,
    coalesce(sum(hash(hash(values_turned_round))), 0)::varchar as second_sum
from raw_rows

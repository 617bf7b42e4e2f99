-- What do the rows of a table of codelists or of what staff say hold, in whatever order they stand?
-- Grain: one row.
-- Parameters: $table, a table's name.
select
    count(*) as row_count,
    coalesce(sum(md5_number_lower(to_json(one)::varchar)), 0)::varchar as lower_sum,
    coalesce(sum(md5_number_upper(to_json(one)::varchar)), 0)::varchar as upper_sum
from query_table($table) as one

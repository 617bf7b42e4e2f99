-- What do the rows of a table say, in whatever order they stand?
-- The sums change with every value and do not change with the order. Left out are names and hashes of files, and what
-- the build itself is called: these say where rows come from, not what they say.
-- Grain: one row.
-- Parameters: $table, a table's full name.
select
    count(*) as row_count,
    coalesce(sum(md5_number_lower(to_json(one)::varchar)), 0)::varchar as lower_sum,
    coalesce(sum(md5_number_upper(to_json(one)::varchar)), 0)::varchar as upper_sum
from (
    select columns(lambda name: name not in ('source_file', 'sha256', 'build_id', 'content_id'))
    from query_table($table)
) as one

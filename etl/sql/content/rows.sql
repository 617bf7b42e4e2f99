-- What do the rows of a table say, in whatever order they stand?
-- The sums change with every value and do not change with the order. Left out are names and hashes of files, and what
-- the build itself is called: these say where rows come from, not what they say. Each row's text is hashed once.
-- The statements of all tables are asked as one, so that they are planned together and all cores take part.
-- Grain: one row.
-- Parameters: none; raw_rows stands for a table's full name.
select
    'raw_rows' as table_name,
    count(*) as row_count,
    coalesce(sum((number >> 64)::ubigint), 0)::varchar as lower_sum,
    coalesce(sum((number & 18446744073709551615::uhugeint)::ubigint), 0)::varchar as upper_sum
from (
    select md5_number(to_json(one)::varchar) as number
    from (
        select columns(lambda name: name not in ('source_file', 'sha256', 'build_id', 'content_id'))
        from raw_rows
    ) as one
) as hashed

-- The content of a snapshot, as one hash.

-- query: note
-- Write down the content id.
-- Parameters: $content_id.
update snapshot.campaign
set content_id = $content_id;

-- query: rows
-- What is the hash of a table's rows, in any order?
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
from raw_rows;

-- query: tables
-- Which tables does the snapshot under way hold, which are surely empty, and which columns are hashed? Tables that
-- repeat others are left out, and columns with names and hashes of files or with the build's own name: these say where
-- rows come from, not what they say.
-- The hash covers two lists of values, in the order of the columns' names and in the opposite one: the hash of several
-- values depends on their order, so that a value that moves to another column changes it. Lists and maps are hashed as
-- JSON: else a null, an empty one and one of a null would have one hash. In the second list a text stands behind a
-- sign, which makes another hash of it.
-- Grain: one row a table, in the order of their names.
-- Parameters: none.
with hashed as (
    select
        table_oid,
        column_name,
        data_type,
        '"' || column_name || '"' as name,
        ends_with(data_type, ']') or ends_with(data_type, ')') as is_nested,
        data_type in ('VARCHAR', 'JSON') as is_text
    from duckdb_columns()
    where
        database_name = 'snapshot'
        and schema_name = 'main'
        and column_name not in ('source_file', 'sha256', 'build_id', 'content_id', 'schema_mark')
),

spelled as (
    select
        table_oid,
        column_name,
        concat_ws(' ', column_name, data_type) as described,
        if(is_nested, format('to_json({})::varchar', name), name) as value,
        case
            when is_nested then format('''~'' || to_json({})::varchar', name)
            when is_text then format('''~'' || {}', name)
            else name
        end as marked
    from hashed
)

select
    t.table_name,
    t.estimated_size = 0 as is_empty,
    string_agg(s.described, ', ' order by s.column_name) as described,
    string_agg(s.value, ', ' order by s.column_name) as in_order,
    string_agg(s.marked, ', ' order by s.column_name desc) as turned_round
from duckdb_tables() as t
inner join spelled as s on t.table_oid = s.table_oid
where t.database_name = 'snapshot' and t.schema_name = 'main'
group by t.table_name, t.estimated_size
order by t.table_name;

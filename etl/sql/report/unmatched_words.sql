-- Which words match no code, each once whatever its capitals, and in how many rows? The most frequent first.
-- Grain: one row a list and word.
with words as (
    select
        *,
        case when field in ('countries', 'regions') then 'places' else field end as list_name
    from snapshot.unmatched_values
    where word_key is not null
)

select
    arg_max(field, (rows, field)) as field,
    word_key,
    arg_max(value, (rows, value)) as word,
    sum(rows)::bigint as row_count,
    arg_max(nearest_code, (rows, nearest_code)) as nearest_code,
    list(distinct recipe order by recipe) as recipes,
    list(distinct source_file order by source_file) as files
from words
group by list_name, word_key
order by row_count desc, list_name, word_key;

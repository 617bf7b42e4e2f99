-- Which words match no code, each once whatever its capitals, and in how many rows? The most frequent first. Words of
-- places are one list, whatever their field. The build's command line uses the same query.
-- Grain: one row a list and word.
-- Parameters: files (null: all), most, first (words to leave out).
with words as (
    select
        *,
        if(field in ('countries', 'regions'), 'places', field) as list_name
    from unmatched_values
    where word_key is not null and ($files::varchar[] is null or list_contains($files::varchar[], source_file))
)

select
    arg_max(field, ("rows", field)) as field,
    word_key,
    arg_max(value, ("rows", value)) as word,
    sum("rows")::bigint as row_count,
    arg_max(nearest_code, ("rows", nearest_code)) as nearest_code,
    list(distinct recipe order by recipe) as recipes,
    list(distinct source_file order by source_file) as files,
    count(*) over () as words_in_all
from words
group by list_name, word_key
order by row_count desc, list_name, word_key
limit $most offset $first

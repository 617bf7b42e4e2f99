-- Which words do the searched texts of actions have, and how often?
-- Grain: one row a word.
insert into snapshot.derived.search_words
with words as (
    select unnest(string_split(search_text, ' ')) as word
    from snapshot.actions
),

counted as (
    select
        word,
        count(*) as uses
    from words
    where word <> ''
    group by word
)

select
    row_number() over (order by uses desc, word),
    word,
    uses
from counted
order by uses desc, word;

-- Which word of names and titles is the likeliest meaning of each of these? None for one that is part of a word there.
-- One letter is wrong, missing, extra or swapped with the next, two in a long word; it may be a word's beginning. In a
-- large snapshot only the codelists are read: folding each of very many names takes too long while somebody types.
-- Grain: one row a corrected word: as typed, and as meant.
-- Parameters: words (folded, without blanks), codelists (where to look), is_large.
with texts as (
    select unnest(map_values(labels)) as text
    from codes
    where list_contains($codelists::varchar[], codelist)
    union all
    select concat_ws(' ', name, array_to_string(map_values(names), ' ')) as text
    from stakeholder_names()
    where not $is_large::boolean
    union all
    select title as text
    from actions
    where not $is_large::boolean
),

known as (
    select
        word,
        count(*) as uses
    from (
        select unnest(string_split(fold(text), ' ')) as word
        from texts
    ) as parts
    where length(word) >= 4
    group by word
),

near as (
    select
        a.asked,
        k.word,
        k.uses,
        if(length(a.asked) < 6, 1, 2) as most,
        least(
            damerau_levenshtein(a.asked, k.word),
            damerau_levenshtein(a.asked, left(k.word, length(a.asked))),
            damerau_levenshtein(a.asked, left(k.word, length(a.asked) + 1))
        ) as slips
    from unnest($words::varchar[]) as a (asked)
    cross join known as k
    where length(a.asked) >= 4
)

select
    asked,
    arg_min(word, slips * 1000000 - least(uses, 999999)) as meant
from near
group by asked, most
having min(slips) between 1 and most and not bool_or(contains(word, asked))

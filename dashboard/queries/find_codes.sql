-- Which codes have all of these words in their names, in whatever language?
-- Where words of some names begin with all of them, those alone: `mi` is not in `Namibia` but in `Mining`.
-- Grain: one row a code, in the order of its codelist; those whose name begins with the first word first.
-- Parameters: words (folded), codelists (where to look).
with matching as (
    select
        codelist,
        code,
        sort_order,
        list_transform(map_values(labels), lambda label: fold(label)) as names
    from codes
    where list_contains($codelists::varchar[], codelist) and code <> 'unclassified'
),

placed as (
    select
        codelist,
        code,
        sort_order,
        list_bool_or(list_transform(names, lambda name: starts_with(name, $words[1]))) as is_first,
        contains_every(
            list_transform($words::varchar[], lambda word: ' ' || word),
            ' ' || array_to_string(names, ' ')
        ) as is_begun
    from matching
    where contains_every($words::varchar[], array_to_string(names, ' '))
)

select codelist, code
from placed
qualify is_begun or not bool_or(is_begun) over ()
order by codelist, is_first desc, sort_order, code

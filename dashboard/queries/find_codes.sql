-- Which codes have all of these words in their names, in whatever language?
-- Grain: one row a code, in the order of its codelist; those whose name begins with the first word first.
-- Parameters: words (folded), codelists (where to look).
select codelist, code
from codes
where
    list_contains($codelists::varchar[], codelist)
    and code <> 'unclassified'
    and contains_every($words::varchar[], fold(array_to_string(map_values(labels), ' ')))
order by
    codelist,
    list_bool_or(list_transform(map_values(labels), lambda label: starts_with(fold(label), $words[1]))) desc,
    sort_order,
    code

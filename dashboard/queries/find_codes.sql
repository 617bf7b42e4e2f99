-- Which codes have all of these words in their names, in whatever language?
-- Grain: one row a code, in the order of its codelist; those whose name begins with the first word first.
-- Parameters: words (folded), codelists (where to look).
select codelist, code
from codes
where
    list_contains($codelists::varchar[], codelist)
    and code <> 'unclassified'
    and contains_every($words::varchar[], fold(concat_ws(' ', label_en, label_fr, label_es)))
order by
    codelist,
    starts_with(fold(label_en), $words[1]) or starts_with(fold(label_fr), $words[1]) desc,
    sort_order,
    code

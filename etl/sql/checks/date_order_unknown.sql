-- severity: question
-- In which columns can nothing tell whether day or month comes first?
-- Grain: one row a column.
-- Nothing without: date_pairs.
with doubtful as (
    select sheet_no, field, list_sort(list(first_row))[:3] as places, arg_min(words, first_row) as example
    from date_pairs
    where proves = 'either'
    group by sheet_no, field
)

select
    concat(
        column_place(s.file_name, s.sheet_name, o.header, o.field),
        ': ',
        o.ambiguous,
        if(o.ambiguous = 1, ' date', ' dates'),
        ' can be read with the day or the month first, such as ',
        leading_pair(d.example),
        ' in ',
        in_rows(d.places),
        case o.question
            when 'unknown' then ', and nothing tells which.'
            else ', and the recipe says otherwise than the other dates of the file.'
        end
    ) as what,
    concat(
        'Write date_order = "dmy" (day first) or "mdy" (month first) under [fields.', o.field, '] in ',
        recipe_to_change(s.recipe, o.is_own), '.'
    ) as remedy
from date_orders as o
inner join sheets as s on o.sheet_no = s.sheet_no
inner join doubtful as d on o.sheet_no = d.sheet_no and o.field = d.field
where o.question in ('unknown', 'conflict')
order by o.sheet_no, o.field

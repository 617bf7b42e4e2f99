-- severity: question
-- In which columns do some dates have the day first and others the month?
-- Grain: one row a column; the rows are those of the order that fewer dates have.
-- Nothing without: date_pairs.
with rarer as (
    select p.sheet_no, p.field, list_sort(list(p.first_row))[:3] as places, arg_min(p.words, p.first_row) as example
    from date_pairs as p
    inner join date_orders as o on p.sheet_no = o.sheet_no and p.field = o.field
    where p.proves = if(o.day_first < o.month_first, 'day_first', 'month_first')
    group by p.sheet_no, p.field
)

select
    concat(
        column_place(s.file_name, s.sheet_name, o.header, o.field), ': ', o.day_first, ' dates have the day first and ',
        o.month_first, ' the month, such as ', leading_pair(r.example), ' in ', in_rows(r.places), '.'
    ) as what,
    concat(
        'Correct these rows in the file; if it is meant so, write date_order = "dmy" or "mdy", for the dates that can ',
        'be read in both ways, under [fields.', o.field, '] in ', recipe_to_change(s.recipe, o.is_own), '.'
    ) as remedy
from date_orders as o
inner join sheets as s on o.sheet_no = s.sheet_no
inner join rarer as r on o.sheet_no = r.sheet_no and o.field = r.field
where o.question = 'contradiction'
order by o.sheet_no, o.field

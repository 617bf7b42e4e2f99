-- severity: question
-- In which columns has a spreadsheet turned day and month of the dates that it could read?
-- Grain: one row a column.
-- Nothing without: date_pairs.
with written as (
    select sheet_no, field, arg_min(words, first_row) as example, min(first_row) as first_row
    from date_pairs
    group by sheet_no, field
)

select
    concat(
        column_place(s.file_name, s.sheet_name, o.header, o.field),
        ': all dates written as text have a day over 12, such as ',
        leading_pair(w.example),
        ' in row ',
        w.first_row,
        ', and all ',
        b.row_count,
        ' real dates a day up to 12 (',
        in_rows(b.places),
        '), as if a spreadsheet of another country had turned the day and the month of those.'
    ) as what,
    concat(
        'Take the file as the tool wrote it, not saved by a spreadsheet; if the dates are right, write date_order = "',
        if(o.day_first > 0, 'dmy', 'mdy'),
        '" under [fields.',
        o.field,
        '] in ',
        recipe_to_change(s.recipe, o.is_own),
        '.'
    ) as remedy
from date_orders as o
inner join sheets as s on o.sheet_no = s.sheet_no
inner join dates_beside as b on o.sheet_no = b.sheet_no and o.field = b.field
inner join written as w on o.sheet_no = w.sheet_no and o.field = w.field
where o.question = 'converted'
order by o.sheet_no, o.field

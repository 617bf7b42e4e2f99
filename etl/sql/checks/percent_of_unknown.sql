-- severity: question
-- In which columns can nothing tell whether 1 is the whole or one percent?
-- Grain: one row a column; the rows are those with numbers between 0 and 1, else those with 1.
-- Nothing without: percent_columns.
with doubtful as (
    select
        c.sheet_no, c.round_no, list_sort(list(c.source_row))[:3] as places, arg_min(c.percent, c.source_row) as example
    from percent_cells as c
    inner join percent_columns as p on c.sheet_no = p.sheet_no and c.round_no is not distinct from p.round_no
    where not c.is_signed and c.number > 0 and if(p.below_one > 0, c.number < 1, c.number <= 1.2)
    group by c.sheet_no, c.round_no
)

select
    concat(
        column_place(s.file_name, s.sheet_name, p.header, 'percent'), ': ', d.example, ' in ', in_rows(d.places),
        case p.question
            when 'contradiction' then concat(
                ' can be a share of 1, but ', p.above, if(p.above = 1, ' number is', ' numbers are'), ' above 1.'
            )
            else ' can be the whole or one percent, and no other number tells which.'
        end
    ) as what,
    concat(
        'Write the percent sign into these cells, or percent_of = 1 (1 is the whole) or 100 under ',
        percent_part(p.round_no), ' in ', recipe_to_change(s.recipe, p.is_own), '.'
    ) as remedy
from percent_columns as p
inner join sheets as s on p.sheet_no = s.sheet_no
inner join doubtful as d on p.sheet_no = d.sheet_no and p.round_no is not distinct from d.round_no
where p.question is not null
order by p.sheet_no, p.round_no

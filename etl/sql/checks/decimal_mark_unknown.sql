-- severity: question
-- In which columns of percentages can nothing tell whether a mark separates thousands or begins the decimals?
-- Grain: one row a column; the rows are those with such numbers, and those that write the other mark.
-- Nothing without: percent_columns.
with doubtful as (
    select sheet_no, round_no, list_sort(list(source_row))[:3] as places, arg_min(percent, source_row) as example
    from percent_cells
    where mark = 'either' and not is_cell_number
    group by sheet_no, round_no
),

marked as (
    select
        sheet_no,
        round_no,
        list_sort(list(source_row) filter (mark = ','))[:3] as comma_places,
        list_sort(list(source_row) filter (mark = '.' and not is_cell_number))[:3] as point_places
    from percent_cells
    group by sheet_no, round_no
)

select
    concat(
        column_place(s.file_name, s.sheet_name, p.header, 'percent'), ': ', d.example, ' in ', in_rows(d.places),
        ' can be ', regexp_replace(d.example, '[.,]', ''), ' or have decimals, ',
        case p.mark_question
            when 'contradiction' then concat(
                'and the column has decimals behind a comma in ', in_rows(m.comma_places), ', behind a point in ',
                in_rows(m.point_places), '.'
            )
            when 'conflict' then 'and the recipe says otherwise than the other numbers of the file.'
            else 'and nothing tells which.'
        end
    ) as what,
    concat(
        'Write decimal_mark = "," (12,5 is twelve and a half) or "." (12.5 is) under ', percent_part(p.round_no),
        ' in ', recipe_to_change(s.recipe, p.is_own), ', or these numbers without a mark into the file.'
    ) as remedy
from percent_columns as p
inner join sheets as s on p.sheet_no = s.sheet_no
inner join doubtful as d on p.sheet_no = d.sheet_no and p.round_no is not distinct from d.round_no
inner join marked as m on p.sheet_no = m.sheet_no and p.round_no is not distinct from m.round_no
where p.mark_question is not null
order by p.sheet_no, p.round_no

-- severity: question
-- In which questions with a column a choice can nothing tell whether a word means that the choice was taken?
-- Grain: one row a question.
-- Nothing without: choice_columns.
with owners as (
    select sheet_no, bool_or(is_own) as is_own
    from columns_to_decide
    group by sheet_no
)

select
    concat(
        column_place(s.source_file, s.sheet, c.header, c.field), ': ',
        if(
            c.question = 'two',
            concat('1 stands in ', c.ones, ' cells and 2 in ', c.twos, ', and 2 can mean no.'),
            concat(
                '“', c.example, '” in row ', c.place,
                ' stands beside yes, and can mean that the choice was taken or not.'
            )
        )
    ) as what,
    concat(
        'Write not_taken = ["', c.example, '"] (it means no) or not_taken = [] (it was taken) under [',
        if(k.field is null, 'questions.', 'fields.'), c.field, '] in ', recipe_to_change(s.recipe, d.is_own), '.'
    ) as remedy
from choice_columns as c
inner join sheets as s on c.sheet_no = s.sheet_no
left join kind_fields as k on s.kind = k.kind and c.field = k.field
left join owners as d on c.sheet_no = d.sheet_no
where c.question is not null
order by c.sheet_no, c.field

-- severity: question
-- In which columns of codes, or of answers, do blank cells seem to mean what stands above them?
-- Grain: one row a column.
-- Nothing without: blank_repeats.
select
    concat(
        column_place(s.file_name, s.sheet_name, s.headers[b.column_no], b.field), ': each of its ', b.filled,
        ' values stands once, the first in the first row, with blank cells below, as if they meant the same.'
    ) as what,
    concat(
        'Write fill_down = true (they do) or fill_down = false (they are blank) under [',
        if(b.field in (select k.field from kind_fields as k where k.kind = s.kind), 'fields.', 'questions.'), b.field,
        '] in ',
        recipe_to_change(s.recipe, b.is_own), '.'
    ) as remedy
from blank_repeats as b
inner join sheets as s on b.sheet_no = s.sheet_no
order by b.sheet_no, b.column_no

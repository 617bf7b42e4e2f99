-- severity: question
-- In which questions with a column a choice can nothing tell whether a word means that the choice was taken?
-- Grain: one row a question.
-- Nothing without: choice_columns.
select
    sheet_no,
    field,
    header,
    question as variant,
    map { 'ones': ones::varchar, 'twos': twos::varchar, 'word': example } as facts,
    [show_row(place, example)] as evidence,
    [candidate('taken', []), candidate('not_taken', [])] as candidates
from choice_columns
where question is not null

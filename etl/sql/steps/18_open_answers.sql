-- Answers in columns of choices are unknown where nobody knows the mark of a taken choice.
-- Grain: one row an answer.
-- Nothing without: choice_columns where question is not null.
delete from staged_answers
where (question, row_no) in (
    select c.field, r.row_no
    from choice_columns as c
    inner join staged_progress_reports as r on c.sheet_no = r.sheet_no
    where c.question is not null
);

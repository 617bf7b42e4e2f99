-- Answers given in columns of choices of which nobody knows what means that a choice was taken are not known.
-- Grain: one row an answer.
-- Nothing without: choice_columns where question is not null.
delete from staged_answers
where (question, row_no) in (
    select c.field, r.row_no
    from choice_columns as c
    inner join staged_progress_reports as r on c.sheet_no = r.sheet_no
    where c.question is not null
);

-- How does each answer alone change the figures of the whole build?
-- Grain: one row a question, answer and figure.
-- Nothing without: figure_changes.
insert into effects_found
select c.kind, c.sheet_no, q.field, c.answer, c.figure, b.number, b.number + sum(c.difference)
from figure_changes as c
left join questions_found as q
    on c.kind = q.kind and c.sheet_no = q.sheet_no and coalesce(c.field = q.field, true)
inner join figures_before as b on c.figure = b.figure
where c.difference is not null
group by c.kind, c.sheet_no, q.field, c.answer, c.figure, b.number;

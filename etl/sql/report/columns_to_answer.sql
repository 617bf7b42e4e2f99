-- Which open columns with a header look like a field, so that publishing waits until staff have said what they are? And
-- which other column of the sheet is read as that field?
-- Grain: one row a recipe and header, those that would be understood best first.
select
    min(c.source_file) as source_file,
    min(c.sheet) as sheet,
    c.header,
    any_value(c.looks_like) as looks_like,
    max(c.understood) as understood,
    c.recipe,
    min_by(o.header, o.column_no) as read_as
from snapshot.input_columns as c
left join snapshot.input_columns as o
    on c.source_file = o.source_file and c.sheet is not distinct from o.sheet
    and c.column_no <> o.column_no and o.use = 'field' and c.looks_like = o.target
where c.is_asked and c.header is not null
group by c.recipe, c.header
order by understood desc nulls last, source_file, sheet, c.header

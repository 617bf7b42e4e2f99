-- Which open columns with a header look like a field, so that publishing waits until staff have said what they are? And
-- which other column of the sheet is read as that field? may_be_round: whether it may be a stage of a status.
-- Grain: one row a recipe and header, those that would be understood best first.
select
    min(c.source_file) as source_file,
    min(c.sheet) as sheet,
    c.header,
    any_value(c.looks_like) as looks_like,
    max(c.understood) as understood,
    c.recipe,
    bool_or(c.looks_like = 'status' and s.kind = 'actions') as may_be_round,
    min_by(o.header, o.column_no) as read_as
from snapshot.input_columns as c
inner join snapshot.input_sheets as s on c.source_file = s.source_file and c.sheet is not distinct from s.sheet
left join snapshot.input_columns as o
    on c.source_file = o.source_file and c.sheet is not distinct from o.sheet
    and c.column_no <> o.column_no and o.use = 'field' and c.looks_like = o.target
where c.is_asked and c.header is not null
group by c.recipe, c.header
order by understood desc nulls last, source_file, sheet, c.header

-- Which open columns look like a field, so that publishing waits until staff have said what they are? And which other
-- column of the sheet is read as that field? may_be_round: whether it may be a stage of a status.
-- Grain: one row a column, those that would be understood best first.
select
    c.source_file,
    c.sheet,
    c.header,
    c.looks_like,
    c.understood,
    c.column_no,
    bool_or(c.looks_like = 'status' and s.kind = 'actions') as may_be_round,
    min_by(o.header, o.column_no) as read_as
from snapshot.input_columns as c
inner join snapshot.input_sheets as s on c.source_file = s.source_file and c.sheet is not distinct from s.sheet
left join snapshot.input_columns as o
    on c.source_file = o.source_file and c.sheet is not distinct from o.sheet
    and c.column_no <> o.column_no and o.use = 'field' and c.looks_like = o.target
where c.is_asked
group by c.source_file, c.sheet, c.header, c.looks_like, c.understood, c.column_no
order by c.understood desc nulls last, c.source_file, c.sheet, c.column_no

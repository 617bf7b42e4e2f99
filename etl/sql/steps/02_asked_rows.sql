-- Rows that staff are asked about do not count until staff count them. What becomes of struck rows is settled already.
-- Parameters: sheet_no; counted: the questions to which they answered so.
insert into told_rows
select
    source_row,
    if(
        bool_or(what = 'test_rows'),
        'it may be a test',
        'it has neither title nor stakeholder, as if prepared for later'
    ) as reason,
    null as field,
    null as value
from asked_rows
where sheet_no = $sheet_no and what <> 'struck_rows' and not list_contains($counted::varchar[], what)
group by source_row;

-- severity: question
-- Which rows stand under headers that are not theirs?
-- Grain: one row a sheet.
-- Nothing without: misplaced_rows.
with places as (
    select
        sheet_no,
        max(what) as what,
        min(first_row) as first_row,
        max(last_row) as last_row,
        max(column_no) as column_no
    from misplaced_rows
    group by sheet_no
)

select
    p.sheet_no,
    null as field,
    u.shown as header,
    p.what as variant,
    map { 'row': p.first_row::varchar, 'last': p.last_row::varchar } as facts,
    [show_row(p.first_row, '')] as evidence,
    if(p.what = 'column', [candidate('up', []), candidate('right', [])], [candidate('right', [])]) as candidates
from places as p
left join column_uses as u on p.sheet_no = u.sheet_no and p.column_no = u.column_no

-- severity: question
-- Does the value of cells that are merged over several rows hold for all of them?
-- Grain: one row a sheet and field.
-- Nothing without: merged_cells.
select
    m.sheet_no,
    m.field,
    any_value(s.headers[m.column_no]) as header,
    'merged' as variant,
    case when bool_or(m.is_stated) then if(bool_or(m.is_filled), 'all', 'first') end as answer,
    if(bool_or(m.is_stated), 'recipe', null) as decided_by,
    map { 'n': count(*)::varchar } as facts,
    list(show_row(m.first_row, '') order by m.first_row)[:3] as evidence,
    [candidate('all', []), candidate('first', [])] as candidates
from merged_cells as m
inner join sheets as s on m.sheet_no = s.sheet_no
where m.first_row < m.last_row
group by m.sheet_no, m.field

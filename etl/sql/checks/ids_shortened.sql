-- severity: question
-- In which columns of ids has a spreadsheet shortened long numbers to 1.23E+11, so that different ids look alike?
-- Grain: one row a column.
-- Nothing without: shortened_ids.
select
    sheet_no,
    field,
    null as header,
    'shortened' as variant,
    map { 'n': count(*)::varchar } as facts,
    list(show_row(source_row, id) order by source_row)[:3] as evidence,
    [candidate('right', list(id order by source_row)[:3])] as candidates
from shortened_ids
group by sheet_no, field

-- severity: question
-- Where do the headers stand again in other columns, with rows below that cannot be read by the first ones?
-- Grain: one row a sheet.
-- Nothing without: moved_headers.
select
    sheet_no,
    null as field,
    null as header,
    'moved' as variant,
    map { 'row': min(source_row)::varchar, 'last': max(last_row)::varchar } as facts,
    list(show_row(source_row, '') order by source_row)[:3] as evidence,
    [candidate('below', []), candidate('right', [])] as candidates
from moved_headers
where source_row < last_row
group by sheet_no

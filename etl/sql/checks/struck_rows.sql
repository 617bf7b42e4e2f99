-- severity: question
-- Which rows are struck through?
-- Grain: one row a sheet.
-- Nothing without: asked_rows.
select
    sheet_no,
    null as field,
    null as header,
    'rows' as variant,
    map { 'n': count(*)::varchar } as facts,
    list(show_row(source_row, '') order by source_row)[:3] as evidence,
    [candidate('none', []), candidate('count', [])] as candidates
from asked_rows
where what = 'struck_rows'
group by sheet_no

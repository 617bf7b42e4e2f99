-- severity: question
-- Which rows seem to try the file, or to show how it is filled in?
-- Grain: one row a sheet.
-- Nothing without: asked_rows.
select
    sheet_no,
    null as field,
    null as header,
    'rows' as variant,
    map { 'n': count(*)::varchar } as facts,
    list(show_row(source_row, words) order by source_row)[:3] as evidence,
    [candidate('none', []), candidate('count', [])] as candidates
from asked_rows
where what = 'test_rows'
group by sheet_no

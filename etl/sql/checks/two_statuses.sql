-- severity: question
-- Which rows of a sheet say different things about one action and one day?
-- Grain: one row a sheet.
-- Nothing without: contested_statuses.
select
    sheet_no,
    null as field,
    null as header,
    'rows' as variant,
    map { 'n': count(distinct action_no)::varchar } as facts,
    list(show_row(source_row, status_written) order by action_no, source_row)[:3] as evidence,
    [candidate('lower', []), candidate('upper', [])] as candidates
from contested_statuses
group by sheet_no

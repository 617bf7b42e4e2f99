-- severity: question
-- Which sheets that no recipe reads seem to belong to a register beside them?
-- Grain: one row a sheet.
-- Nothing without: further_sheets.
select
    sheet_no,
    null as field,
    null as header,
    why as variant,
    map { 'n': cells::varchar } as facts,
    []::struct(number bigint, words varchar)[] as evidence,
    if(why = 'rows', [candidate('rows', []), candidate('nothing', [])], [candidate('nothing', [])]) as candidates
from further_sheets

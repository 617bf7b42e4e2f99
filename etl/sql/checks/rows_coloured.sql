-- severity: question
-- In which registers may the colours of rows say how far actions have come, since no column does?
-- Grain: one row a sheet.
-- Nothing without: coloured_sheets.
select
    sheet_no,
    null as field,
    null as header,
    'rows' as variant,
    map { 'n': colours::varchar } as facts,
    []::struct(number bigint, words varchar)[] as evidence,
    [candidate('nothing', [])] as candidates
from coloured_sheets

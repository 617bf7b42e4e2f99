-- severity: question
-- Which sheets seem to belong to a register beside them that no recipe reads, or that are read as staff said?
-- Grain: one row a sheet.
-- Nothing without: further_sheets.
select
    sheet_no,
    null as field,
    null as header,
    why as variant,
    map { 'n': cells::varchar } as facts,
    []::struct(number bigint, words varchar)[] as evidence,
    list_filter(
        [
            if(is_round, candidate('round', []), null), if(why = 'rows', candidate('rows', []), null),
            candidate('nothing', [])
        ],
        lambda one: one is not null
    ) as candidates
from further_sheets

-- severity: question
-- In which columns has a spreadsheet turned day and month of the dates that it could read?
-- Grain: one row a column.
-- Nothing without: date_pairs.
select
    o.sheet_no,
    o.field,
    o.header,
    'converted' as variant,
    map { 'dates': b.row_count::varchar } as facts,
    b.places as evidence,
    [
        candidate('right', list_transform(b.places, lambda e: e['words'])),
        candidate('turned', list_transform(b.places, lambda e: turn_day(e['words']::date)::varchar))
    ] as candidates
from date_orders as o
inner join dates_beside as b on o.sheet_no = b.sheet_no and o.field = b.field
where o.question = 'converted'

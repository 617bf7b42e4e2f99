-- severity: question
-- In which columns of codes, or of answers, do blank cells seem to mean what stands above them?
-- Grain: one row a column.
-- Nothing without: blank_repeats.
select
    b.sheet_no,
    b.field,
    s.headers[b.column_no] as header,
    'blank' as variant,
    map { 'values': b.filled::varchar } as facts,
    b.evidence,
    [
        candidate('above', list_transform(b.evidence, lambda e: b.evidence[1]['words'])),
        candidate('blank', list_transform(b.evidence, lambda e: e['words']))
    ] as candidates
from blank_repeats as b
inner join sheets as s on b.sheet_no = s.sheet_no

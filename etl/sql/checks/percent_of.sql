-- severity: question
-- In which columns can 1 be the whole or one percent?
-- Grain: one row a column, also where it is known; the rows are those with numbers between 0 and 1, else those with 1.
-- Nothing without: percent_columns.
with doubtful as (
    select
        c.sheet_no,
        c.round_no,
        count(*) as cells,
        list(show_row(c.source_row, c.percent) order by c.source_row)[:3] as evidence
    from percent_cells as c
    inner join percent_columns as p on c.sheet_no = p.sheet_no and c.round_no is not distinct from p.round_no
    where not c.is_signed and c.number > 0 and if(p.below_one > 0, c.number < 1, c.number <= 1.2)
    group by c.sheet_no, c.round_no
)

select
    p.sheet_no,
    percent_of_round(p.round_no) as field,
    p.header,
    coalesce(p.question, 'read') as variant,
    if(p.question is null, p.whole::varchar, null) as answer,
    p.decided_by,
    map { 'n': d.cells::varchar, 'above': p.above::varchar } as facts,
    d.evidence,
    [
        candidate('1', list_transform(d.evidence, lambda e: show_number(100 * read_number(e['words'])))),
        candidate('100', list_transform(d.evidence, lambda e: show_number(read_number(e['words']))))
    ] as candidates
from percent_columns as p
inner join doubtful as d on p.sheet_no = d.sheet_no and p.round_no is not distinct from d.round_no

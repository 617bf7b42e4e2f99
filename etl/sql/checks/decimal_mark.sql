-- severity: question
-- In which columns of percentages can a mark separate thousands or begin the decimals?
-- Grain: one row a column, also where it is known.
-- Nothing without: percent_columns.
with doubtful as (
    select
        sheet_no,
        round_no,
        count(*) as cells,
        list(show_row(source_row, percent) order by source_row)[:3] as evidence
    from percent_cells
    where mark = 'either' and not is_cell_number
    group by sheet_no, round_no
)

select
    p.sheet_no,
    percent_of_round(p.round_no) as field,
    p.header,
    coalesce(p.mark_question, 'read') as variant,
    case when p.mark_question is null then if(p.mark = ',', 'comma', 'point') end as answer,
    p.mark_decided_by as decided_by,
    map { 'n': d.cells::varchar } as facts,
    d.evidence,
    [
        candidate('comma', list_transform(d.evidence, lambda e: show_number(read_number_of(e['words'], ',')))),
        candidate('point', list_transform(d.evidence, lambda e: show_number(read_number_of(e['words'], '.'))))
    ] as candidates
from percent_columns as p
inner join doubtful as d on p.sheet_no = d.sheet_no and p.round_no is not distinct from d.round_no

-- severity: question
-- Does the day or the month come first, in columns with dates that can be read either way?
-- Grain: one row a column, also where it is known; of one that says both, the rows are one of each kind.
-- Nothing without: date_pairs.
with placed as (
    select
        p.sheet_no,
        p.field,
        p.words,
        p.first_row,
        p.proves,
        o.question,
        row_number() over (partition by p.sheet_no, p.field, p.proves order by p.first_row) as nth
    from date_pairs as p
    inner join date_orders as o on p.sheet_no = o.sheet_no and p.field = o.field
    where o.ambiguous > 0 or o.question = 'contradiction'
),

doubtful as (
    select sheet_no, field, list(show_row(first_row, words) order by first_row)[:3] as evidence
    from placed
    where if(question = 'contradiction', nth = 1 and proves <> 'same', proves = 'either')
    group by sheet_no, field
)

select
    o.sheet_no,
    o.field,
    o.header,
    coalesce(o.question, 'read') as variant,
    if(o.question is null, o.date_order, null) as answer,
    o.decided_by,
    map {
        'n': if(o.question = 'contradiction', o.day_first, o.ambiguous)::varchar, 'other': o.month_first::varchar
    } as facts,
    d.evidence,
    [
        candidate('dmy', list_transform(d.evidence, lambda e: day_of_leading_pair(e['words'], 'dmy')::varchar)),
        candidate('mdy', list_transform(d.evidence, lambda e: day_of_leading_pair(e['words'], 'mdy')::varchar))
    ] as candidates
from date_orders as o
inner join doubtful as d on o.sheet_no = d.sheet_no and o.field = d.field
where o.question is distinct from 'converted'

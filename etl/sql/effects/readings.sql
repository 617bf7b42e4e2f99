-- How many dates and percentages would be read?
-- Dates that can be read in two ways are read in the one or the other; all others are read anyway.
-- Nothing without: questions_found where kind = 'date_order'.
insert into effects_found
select
    q.kind,
    q.sheet_no,
    q.field,
    unnest(['dmy', 'mdy']),
    'dates',
    o.cells - if(o.date_order = 'none', o.ambiguous, 0),
    o.cells
from questions_found as q
inner join date_orders as o on q.sheet_no = o.sheet_no and q.field = o.field
where q.kind = 'date_order';

-- Nothing without: questions_found where kind = 'dates_converted'.
insert into effects_found
select q.kind, q.sheet_no, q.field, unnest(['right', 'turned']), 'dates', 0, b.row_count
from questions_found as q
inner join dates_beside as b on q.sheet_no = b.sheet_no and q.field = b.field
where q.kind = 'dates_converted';

-- Numbers that are parts of 1 or of 100, each by its present mark, where nothing decides. A percentage above 100 is
-- none.
-- Nothing without: questions_found where kind = 'percent_of'.
insert into effects_found
with numbers as (
    select
        p.sheet_no,
        p.field,
        k.percent between 0 and 100 as is_read,
        c.is_signed,
        case
            when c.mark = 'either' and p.mark_question is not null and not c.is_cell_number then null
            when p.eithers > 0 and not (p.cell_numbers > 0 and contains(c.words, '.'))
                then read_number_of(c.words, p.mark)
            else c.number
        end as number
    from number_columns as p
    inner join questions_found as q
        on q.kind = 'percent_of' and p.sheet_no = q.sheet_no and p.field = q.field
    inner join number_cells as c on p.sheet_no = c.sheet_no and p.field = c.field
    inner join kept_reports as k
        on c.sheet_no = k.sheet_no and c.source_row = k.source_row and c.field = column_key('percent', k.round_no)
    where q.answer is null
),

a as (select unnest(['1', '100']) as answer)

select
    'percent_of',
    n.sheet_no,
    n.field,
    a.answer,
    'percentages',
    count(*) filter (n.is_read),
    count(*) filter (n.number * if(a.answer = '1' and not n.is_signed, 100, 1) between 0 and 100)
from numbers as n
cross join a
group by n.sheet_no, n.field, a.answer;

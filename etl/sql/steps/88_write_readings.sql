-- How was each column read that could be read in several ways, and why?
-- Grain: one row a column and reading; the numbers count cells.
-- Nothing without: (select 1 from date_orders union all select 1 from cell_marks
--     union all select 1 from number_columns union all select 1 from choice_columns).
insert into snapshot.column_readings
with several as (
    select
        l.sheet_no,
        l.field,
        c.mark,
        c.is_separator,
        c.decided_by,
        count(*) as cells,
        count(*) filter (c.is_understood) as understood
    from row_cells as l
    inner join cell_marks as c on l.sheet_no = c.sheet_no and l.field = c.field and l.cell = c.cell
    where l.kind in ('actions', 'classification') and l.field in ('themes', 'countries', 'regions')
    group by l.sheet_no, l.field, c.mark, c.is_separator, c.decided_by
),

readings as (
    select
        sheet_no,
        field,
        header,
        if(date_order = 'dmy', 'day_first', 'month_first') as reading,
        decided_by,
        cells,
        if(date_order = 'dmy', day_first, month_first) as evidence,
        ambiguous
    from date_orders
    where date_order in ('dmy', 'mdy')
    union all
    select
        sheet_no,
        split_part(field, '/', 1),
        header,
        if(whole = 1, 'of_one', 'of_hundred'),
        decided_by,
        cells,
        case when decided_by = 'other_columns' then about_one_completed when whole = 1 then below_one else above end,
        about_one + if(whole = 1, 0, below_one)
    from number_columns
    where whole is not null
    union all
    select
        sheet_no,
        split_part(field, '/', 1),
        header,
        'decimal_comma',
        if(mark = ',', mark_decided_by, 'values'),
        cells,
        commas,
        if(mark = ',', eithers, 0)
    from number_columns
    where commas > 0 or mark = ','
    union all
    select
        sheet_no,
        split_part(field, '/', 1),
        header,
        'decimal_point',
        if(mark = '.', mark_decided_by, 'values'),
        cells,
        points + cell_numbers,
        if(mark = '.', eithers, 0)
    from number_columns
    where points + cell_numbers > 0 or mark = '.'
    union all
    select
        v.sheet_no,
        v.field,
        d.header,
        concat(
            if(v.is_separator, 'separated_by ', 'part_of_values '),
            case v.mark when chr(10) then '↵' else trim(v.mark) end
        ),
        v.decided_by,
        v.cells,
        v.understood,
        v.cells - v.understood
    from several as v
    left join columns_to_decide as d on v.sheet_no = d.sheet_no and v.field = d.field
    union all
    select
        sheet_no,
        field,
        header,
        reading,
        decided_by,
        cells,
        case reading when 'yes_no' then yes + no when 'one_zero' then ones + zeros when 'filled' then marks else no end,
        twos + others
    from choice_columns as c
    where exists (  -- nothing is shown of a question that is not public
        select 1 from column_uses as u
        where c.sheet_no = u.sheet_no and c.field = u.target and u.use in ('field', 'question')
    )
)

select
    s.source_file, s.sheet, r.header, r.field, r.reading, r.decided_by, r.cells, r.evidence,
    r.ambiguous
from readings as r
inner join sheets as s on r.sheet_no = s.sheet_no
order by r.sheet_no, r.field, r.reading;

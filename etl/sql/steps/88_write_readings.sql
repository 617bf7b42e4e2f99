-- How was each column read that could be read in several ways, and what decided it?
-- Grain: one row a column and reading; the numbers count cells.
insert into snapshot.column_readings
with readings as (
    select
        sheet_no,
        field,
        header,
        case date_order when 'dmy' then 'day_first' when 'mdy' then 'month_first' end as reading,
        decided_by,
        cells,
        if(date_order = 'dmy', day_first, month_first) as evidence,
        ambiguous
    from date_orders
    where date_order is not null
    union all
    select
        sheet_no,
        'percent',
        header,
        if(whole = 1, 'of_one', 'of_hundred'),
        decided_by,
        cells,
        case when decided_by = 'other_columns' then about_one_completed when whole = 1 then below_one else above end,
        about_one + if(whole = 1, 0, below_one)
    from percent_columns
    where whole is not null
    union all
    select sheet_no, 'percent', header, 'decimal_comma', 'values', cells, commas, 0
    from percent_columns
    where commas > 0
)

select
    s.source_file, s.sheet, r.header, r.field, r.reading, r.decided_by, r.cells, r.evidence,
    r.ambiguous
from readings as r
inner join sheets as s on r.sheet_no = s.sheet_no
order by r.sheet_no, r.field, r.reading;

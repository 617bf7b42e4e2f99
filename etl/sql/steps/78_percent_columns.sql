-- Is a whole 1 or 100 in each column of percentages?
-- The recipe says so, or the numbers without a percent sign: all up to about 1.2 and some between 0 and 1 are parts
-- of 1; some above 1.2 and at most a tenth as many between 0 and 1 are parts of 100. Where nothing but 0 and 1 stands
-- there, 1 is the whole if it stands only in rows whose status is completed. Else `question` says what is asked.
-- Grain: one row a sheet that has such a column; the numbers count cells.
create table percent_cells as
with written as (
    select sheet_no, words_no, source_row, percent, status from staged_progress_reports where percent is not null
    union all
    select sheet_no, words_no, source_row, percent, status from staged_actions where percent is not null
),

texts as materialized (
    select percent, read_number(percent) as number, says_percent(percent) as is_signed
    from (select distinct percent from written) as d
)

select
    w.sheet_no,
    w.source_row,
    w.percent,
    case when not t.is_signed then t.number end as number,
    contains(w.percent, ',') as has_comma,
    contains(w.percent, '.') as has_point,
    c.base_status
from written as w
inner join texts as t on w.percent = t.percent
left join cell_codes as r on r.field = 'status' and w.words_no = r.words_no and w.status = r.cell
left join codelist_codes as c on c.codelist = 'statuses' and r.code = c.code
where t.number is not null;

create table percent_columns as
with counted as (
    select
        sheet_no,
        count(*) as cells,
        count(*) filter (number > 0 and number < 1) as below_one,
        count(*) filter (number >= 1 and number <= 1.2) as about_one,
        count(*) filter (number >= 1 and number <= 1.2 and base_status = 'completed') as about_one_completed,
        count(*) filter (number > 1.2) as above,
        count(*) filter (has_comma) as commas,
        count(*) filter (has_point) as points
    from percent_cells
    group by sheet_no
),

judged as (
    select
        n.*,
        c.percent_of,
        c.is_own,
        c.header,
        case
            when n.below_one + n.about_one + n.above = 0 then null
            when c.percent_of is not null then 'recipe'
            when n.above > 0 and n.below_one * 10 > n.above then null
            when n.below_one + n.above > 0 then 'values'
            when n.about_one = n.about_one_completed then 'other_columns'
        end as decided_by
    from counted as n
    inner join columns_to_decide as c on n.sheet_no = c.sheet_no and c.field = 'percent'
)

select
    *,
    case decided_by
        when 'recipe' then percent_of
        when 'values' then if(above > 0, 100, 1)
        when 'other_columns' then 1
    end as whole,
    case
        when decided_by is not null or below_one + about_one + above = 0 then null
        when below_one > 0 then 'contradiction'
        else 'unknown'
    end as question
from judged;

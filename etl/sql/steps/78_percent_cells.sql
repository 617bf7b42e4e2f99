-- Which cells of percentages are numbers, and which mark stands before their decimals?
-- thousands: the value of `1,200` where its mark separates thousands; is_cell_number: a workbook's own numbers come
-- with a point, whatever their display.
-- Grain: one row a cell that is a number.
create table written_percents as
select sheet_no, round_no, source_row, percent, status
from staged_progress_reports
where percent is not null
union all
select sheet_no, null, source_row, percent, status from staged_actions where percent is not null;

-- Grain: one row a text.
-- Nothing without: written_percents.
create table percent_texts as
with texts as (
    select
        percent,
        read_number(percent) as number,
        says_percent(percent) as is_signed,
        decimal_mark(percent) as mark,
        regexp_full_match(percent, '-?\d+[.]\d+') as has_point_alone
    from (select distinct percent from written_percents) as d
)

select
    *,
    case when mark = 'either' then try_cast(regexp_replace(bare_number(percent), '[.,]', '') as double) end as thousands
from texts;

-- Nothing without: percent_texts.
create table percent_cells as
select
    w.sheet_no,
    w.round_no,
    w.source_row,
    w.percent,
    t.number,
    t.thousands,
    t.is_signed,
    t.mark,
    s.sheet_name is not null and t.has_point_alone as is_cell_number,
    c.base_status
from written_percents as w
inner join percent_texts as t on w.percent = t.percent
inner join sheets as s on w.sheet_no = s.sheet_no
left join cell_codes as r on r.field = 'status' and w.sheet_no = r.sheet_no and w.status = r.cell
left join codelist_codes as c on c.codelist = 'statuses' and r.code = c.code
where t.number is not null;

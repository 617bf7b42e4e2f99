-- What are the codes of each number that was promised or reached? A result whose indicator or unit matches no code is
-- `unclassified`: it is kept, and told apart by its own words (`_words`). unit: null where nothing states it.
-- Grain: one row a staged result.
-- Nothing without: staged_results.
create table result_codes as
select
    s.row_no,
    s.sheet_no,
    s.source_row,
    s.block_no,
    coalesce(i.code, 'unclassified') as indicator,
    if(i.code is null, fold(s.indicator), null) as indicator_words,
    if(s.unit is null, null, coalesce(u.code, 'unclassified')) as unit,
    if(u.code is null, fold(s.unit), null) as unit_words,
    o.unit as own_unit,
    coalesce(o.direction, 'up') as direction
from staged_results as s
left join cell_codes as i on i.field = 'indicator' and s.sheet_no = i.sheet_no and s.indicator = i.cell
left join cell_codes as u on u.field = 'unit' and s.sheet_no = u.sheet_no and s.unit = u.cell
left join codelist_indicators as o on i.code = o.code;

-- Grain: one row a number of a result. name: the field without the number of its block.
-- Nothing without: staged_results.
create table result_words as
with written as (
    select row_no, 'baseline' as name, baseline as words from staged_results where baseline is not null
    union all
    select row_no, 'target', target from staged_results where target is not null
    union all
    select row_no, 'actual', actual from staged_results where actual is not null
)

select
    w.row_no,
    c.sheet_no,
    c.source_row,
    w.name,
    column_key(w.name, c.block_no) as field,
    w.words,
    coalesce(c.unit, c.own_unit) = 'percent' as is_percent
from written as w
inner join result_codes as c on w.row_no = c.row_no;

-- Which cells of percentages, and of what was promised and reached, are numbers, and which mark stands before their
-- decimals?
-- thousands: the value of `1,200` where its mark separates thousands; is_cell_number: a workbook's own numbers come
-- with a point, whatever their display, as do those that the program writes. is_percent: it may be a part of 1 or 100.
-- What is beyond all counting (`NaN`, `inf`, 1e15 and more) is no number.
-- Grain: one row a cell that is a number.
create table written_numbers as
select sheet_no, column_key('percent', round_no) as field, source_row, percent as words, status, true as is_percent
from staged_progress_reports
where percent is not null
union all
select sheet_no, 'percent', source_row, percent, status, true from staged_actions where percent is not null
union all
select sheet_no, field, source_row, words, null, is_percent from result_words;

-- Grain: one row a text.
-- Nothing without: written_numbers.
create table number_texts as
with texts as (
    select
        words,
        read_number(words) as number,
        says_percent(words) as is_signed,
        decimal_mark(words) as mark,
        regexp_full_match(words, '-?\d+[.]\d+') as has_point_alone
    from (select distinct words from written_numbers) as d
)

select
    *,
    case when mark = 'either' then try_cast(regexp_replace(bare_number(words), '[.,]', '') as double) end as thousands
from texts;

-- Nothing without: number_texts.
create table number_cells as
select
    w.sheet_no,
    w.field,
    w.source_row,
    w.words,
    w.is_percent,
    t.number,
    t.thousands,
    t.is_signed,
    t.mark,
    (s.sheet_name is not null or s.recipe = 'results_by_link') and t.has_point_alone as is_cell_number,
    c.base_status
from written_numbers as w
inner join number_texts as t on w.words = t.words
inner join sheets as s on w.sheet_no = s.sheet_no
left join cell_codes as r on r.field = 'status' and w.sheet_no = r.sheet_no and w.status = r.cell
left join codelist_codes as c on c.codelist = 'statuses' and r.code = c.code
where abs(t.number) < 1e15;

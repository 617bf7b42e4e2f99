-- What stands beside the numbers of results (`1,200 children`, `US$ 500`, `45 %`)? The words are their unit where no
-- column or recipe states one. A number beside words that are no unit, or those of another one, is not read.
-- Grain: one row a number with something beside it.
-- Nothing without: staged_results where regexp_matches(concat_ws(' ', baseline, target, actual), '[^\d.,+\-\s]').
create table numbers_with_words as
with written as (
    select row_no, 'target' as field, target as words, fold(unit) as unit from staged_results where target is not null
    union all
    select row_no, 'actual', actual, fold(unit) from staged_results where actual is not null
    union all
    select row_no, 'baseline', baseline, fold(unit) from staged_results where baseline is not null
),

cut as (
    select
        *,
        trim(regexp_extract(words, number_pattern()), '  ') as number,
        trim(regexp_replace(words, number_pattern(), ''), '  ') as beside
    from written
),

meant as (
    select
        c.*,
        b.code as code_beside,
        u.code as unit_code,
        regexp_full_match(c.beside, '([A-Z]{2,3}|[A-Za-z]{0,2} ?\p{Sc})') as is_money
    from cut as c
    left join spellings as b
        on b.list = 'units' and b.folded = if(c.beside = '%', 'percent', nullif(fold(c.beside), ''))
    left join spellings as u on u.list = 'units' and c.unit = u.folded
    where c.beside <> '' and c.number <> ''
)

select row_no, field, number, if(beside = '%', 'percent', beside) as unit
from meant
where
    if(
        unit is null,
        code_beside is not null or is_money,
        coalesce(code_beside = unit_code, is_money) or (is_money and code_beside is null)
    );

-- Nothing without: numbers_with_words.
update staged_results as s
set
    baseline = coalesce(w.baseline, s.baseline),
    target = coalesce(w.target, s.target),
    actual = coalesce(w.actual, s.actual),
    unit = coalesce(s.unit, w.unit)
from (
    select
        row_no,
        any_value(number) filter (where field = 'baseline') as baseline,
        any_value(number) filter (where field = 'target') as target,
        any_value(number) filter (where field = 'actual') as actual,
        first(unit order by field desc) as unit
    from numbers_with_words
    group by row_no
) as w
where s.row_no = w.row_no;

-- Which distinct cells hold spellings of codes, and in which list are they looked up?
-- Grain: one row a sheet, field and cell: the cells of one column are read together. words_no: the words for it.
create table cells as
with every_cell as (
    select sheet_no, words_no, field, list, cell from row_cells
    union all
    select sheet_no, words_no, 'stakeholder', 'places', stakeholder
    from staged_actions
    where countries is null and regions is null and regexp_matches(stakeholder, '\s[-–—]\s')
)

select distinct * from every_cell where cell is not null;

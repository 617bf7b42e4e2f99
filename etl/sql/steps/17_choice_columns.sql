-- How does a question with a column a choice mark a choice as taken?
-- All of its columns decide together: 1 and 0, yes and no, or anything that is written (the choice's own words, an x).
-- Where 1 and 2 stand there and no 0, 2 can mean no as well as taken; where other words stand beside yes, they can mean
-- either: `question` is the question to staff, unless staff or the recipe settle the words for no.
-- Grain: one row a sheet and field or question; the numbers count cells.
-- Nothing without: choice_cells.
create table choice_columns as
with judged as (
    select
        *,
        case
            when is_not_taken then 'no'
            when regexp_full_match(words, '1(\.0+)?') then 'one'
            when regexp_full_match(words, '2(\.0+)?') then 'two'
            when regexp_full_match(words, '0(\.0+)?') then 'zero'
            when says_yes(words) then 'yes'
            when not is_chosen(words) then 'no'
            when is_label or is_mark(words) then 'mark'
            else 'other'
        end as says
    from choice_cells
),

counted as (
    select
        sheet_no,
        field,
        any_value(header) as header,
        bool_or(is_stated) as is_stated,
        sum(row_count) as cells,
        coalesce(sum(row_count) filter (says = 'one'), 0) as ones,
        coalesce(sum(row_count) filter (says = 'two'), 0) as twos,
        coalesce(sum(row_count) filter (says = 'zero'), 0) as zeros,
        coalesce(sum(row_count) filter (says = 'yes'), 0) as yes,
        coalesce(sum(row_count) filter (says = 'no'), 0) as no,
        coalesce(sum(row_count) filter (says = 'mark'), 0) as marks,
        coalesce(sum(row_count) filter (says = 'other'), 0) as others,
        arg_min(words, first_row) filter (says in ('two', 'other')) as example,
        min(first_row) filter (says in ('two', 'other')) as place
    from judged
    group by sheet_no, field
)

select
    c.*,
    case
        when is_stated or a.answer <> 'unknown' then 'stated'
        when yes > 0 or (no > 0 and ones = 0) then 'yes_no'
        when ones + zeros > 0 then 'one_zero'
        else 'filled'
    end as reading,
    case when a.answer <> 'unknown' then 'staff' when is_stated then 'recipe' else 'values' end as decided_by,
    case
        when is_stated or a.answer <> 'unknown' then null
        when ones > 0 and twos > 0 and ones + twos = cells then 'two'
        when yes > 0 and others > 0 then 'words'
    end as question
from counted as c
left join staff_answers as a on a.kind = 'choices' and c.sheet_no = a.sheet_no and c.field = a.field;

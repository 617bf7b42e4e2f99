-- severity: warning
-- Which actions promise another number of the same things in their title than in their description or impact?
-- Grain: one row an action and thing counted.
-- Grouped thousands (1,500 or 1 500) are one number; years and numbers without a word behind them are left out.
-- Nothing without: snapshot.actions where regexp_matches(title, '[0-9]')
--     and (description is not null or impact is not null).
with titles as (
    select action_no, title, concat_ws(' | ', description, impact) as texts
    from snapshot.actions
    where regexp_matches(title, '[0-9]') and (description is not null or impact is not null)
),

told as (
    select action_no, title as words, true as in_title from titles
    union all
    select action_no, texts, false from titles
),

counts as (
    select action_no, in_title, unnest(regexp_extract_all(words, '[0-9][0-9., ]*[0-9]?\s?\p{L}{4,}')) as written
    from told
),

counted as (
    select
        action_no,
        in_title,
        left(fold(regexp_extract(written, '\p{L}+')), 6) as thing,
        try_cast(regexp_replace(regexp_extract(written, '^[0-9., ]+'), '[^0-9]', '', 'g') as bigint) as number
    from counts
),

grouped as (
    select
        action_no,
        thing,
        list_sort(list(distinct number) filter (where in_title)) as title_numbers,
        list_sort(list(distinct number) filter (where not in_title)) as text_numbers
    from counted
    where number is not null and number not between 1900 and 2100
    group by action_no, thing
)

select
    a.action_no, 'title' as field, array_to_string(g.title_numbers, ', ') || ' ' || g.thing || '…' as value,
    array_to_string(g.text_numbers, ', ') || ' ' || g.thing || '…' as expected
from grouped as g
inner join snapshot.actions as a on g.action_no = a.action_no
where len(g.title_numbers) > 0 and len(g.text_numbers) > 0 and not list_has_any(g.title_numbers, g.text_numbers)

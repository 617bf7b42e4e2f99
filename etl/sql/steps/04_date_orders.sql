-- In which order does each column write day and month? The answer of staff goes before all; then the column's own dates
-- decide; else the recipe, where it states the order of the field or is the campaign's own; else the other columns of
-- the same file; else a shipped recipe, which only has its tool's usual order. `question` is the question to staff
-- where the campaign's recipe and the file disagree, where dates of one column contradict each other, and where nothing
-- decides and it matters; also where all written dates have a day over 12 and all real dates beside them one up to 12:
-- a spreadsheet of another country turns the dates it can read, and leaves the rest as text.
-- Grain: one row a column that has dates of two numbers and a year; date_order is null where it does not matter, and
-- `none` where nobody knows: what can be read either way stays empty. real_dates: `right`, `turned` (they are turned
-- back), `none` (nobody knows).
-- Nothing without: date_evidence.
create table date_orders as
with proven as (
    select sheet_no, day_first, month_first from date_evidence
    union all
    select sheet_no, day_first, month_first from other_dates
),

-- The common proof of the columns of one export: nothing where they differ.
per_export as (
    select
        f.container,
        case
            when count(*) filter (p.day_first > 0) > 0 and count(*) filter (p.month_first > 0) > 0 then null
            when count(*) filter (p.day_first > 0) > 0 then 'dmy'
            when count(*) filter (p.month_first > 0) > 0 then 'mdy'
        end as other_order
    from proven as p
    inner join sheets as s on p.sheet_no = s.sheet_no
    inner join files as f on s.source_file = f.source_file
    group by f.container
),

known as (
    select
        e.*,
        c.header,
        c.field_order,
        c.recipe_order,
        c.is_own,
        a.answer as staff_order,
        t.answer as staff_dates,
        o.other_order,
        e.day_first > 0 and e.month_first > 0 as is_contradictory,
        e.day_first = 0 and e.month_first = 0 as is_mute,
        c.field_order is null
        and coalesce(t.answer, 'unknown') = 'unknown'
        and coalesce(b.row_count >= 3 and b.latest_day <= 12, false) as is_converted
    from date_evidence as e
    inner join columns_to_decide as c on e.sheet_no = c.sheet_no and e.field = c.field
    inner join sheets as s on e.sheet_no = s.sheet_no
    inner join files as f on s.source_file = f.source_file
    left join per_export as o on f.container = o.container
    left join dates_beside as b on e.sheet_no = b.sheet_no and e.field = b.field
    left join staff_answers as a on a.kind = 'date_order' and e.sheet_no = a.sheet_no and e.field = a.field
    left join staff_answers as t on t.kind = 'dates_converted' and e.sheet_no = t.sheet_no and e.field = t.field
),

judged as (
    select
        *,
        case
            when staff_order in ('dmy', 'mdy') then 'staff'
            when is_converted then null
            when is_contradictory then if(field_order is null, null, 'recipe')
            when not is_mute then 'values'
            when ambiguous = 0 or staff_order = 'unknown' then null
            when field_order is not null then 'recipe'
            when is_own and recipe_order <> other_order then null
            when is_own and recipe_order is not null then 'recipe'
            when other_order is not null then 'other_columns'
            when recipe_order is not null then 'recipe'
        end as decided_by
    from known
)

select
    * exclude (is_contradictory, is_mute, is_converted, staff_order, staff_dates),
    case decided_by
        when 'staff' then staff_order
        when 'recipe' then coalesce(field_order, recipe_order)
        when 'other_columns' then other_order
        when 'values' then if(day_first > 0, 'dmy', 'mdy')
        else if(ambiguous > 0, 'none', null)
    end as date_order,
    if(is_converted, 'none', if(staff_dates = 'turned', 'turned', 'right')) as real_dates,
    case
        when is_converted then 'converted'
        when decided_by is not null then null
        when is_contradictory then 'contradiction'
        when ambiguous > 0 then if(other_order is null or recipe_order is null, 'unknown', 'conflict')
    end as question
from judged;

-- How is each column of numbers read: which mark stands before the decimals, and is a whole 1 or 100?
-- The mark matters where cells can be read in two ways (12,500). The column's other numbers decide; else the recipe;
-- else the other columns of numbers in the same file. A workbook's own numbers prove nothing of texts beside them.
-- Where the column writes both marks, where the recipe and the file disagree, and where nothing decides,
-- `mark_question` is the question to staff.
-- Grain: one row a column (of a sheet; each round and block has its own) that has numbers; the others count cells.
-- Nothing without: number_cells.
create table number_marks as
with counted as (
    select
        sheet_no,
        field,
        count(*) as cells,
        count(*) filter (mark = ',') as commas,
        count(*) filter (mark = '.' and not is_cell_number) as points,
        count(*) filter (mark = 'either' and not is_cell_number) as eithers,
        count(*) filter (is_cell_number) as cell_numbers
    from number_cells
    group by sheet_no, field
),

-- The common proof of the other columns of one export: nothing where they differ.
per_export as (
    select
        f.container,
        case
            when sum(o.commas) > 0 and sum(o.points) > 0 then null
            when sum(o.commas) > 0 then ','
            when sum(o.points) > 0 then '.'
        end as other_mark
    from other_numbers as o
    inner join sheets as s on o.sheet_no = s.sheet_no
    inner join files as f on s.source_file = f.source_file
    group by f.container
),

judged as (
    select
        n.*,
        c.header,
        c.percent_of,
        c.is_own,
        c.field_mark,
        coalesce(c.field_mark, c.recipe_mark) as stated_mark,
        case a.answer when 'comma' then ',' when 'point' then '.' end as staff_mark,
        o.other_mark,
        case
            when staff_mark is not null then 'staff'
            when a.answer = 'unknown' then null
            when n.commas > 0 and n.points > 0 then if(n.eithers = 0 or c.field_mark is null, null, 'recipe')
            when n.commas + n.points > 0 then 'values'
            when n.eithers = 0 then null
            when c.field_mark is not null then 'recipe'
            when c.recipe_mark <> o.other_mark then null
            when c.recipe_mark is not null then 'recipe'
            when o.other_mark is not null then 'other_columns'
        end as mark_decided_by
    from counted as n
    inner join columns_to_decide as c
        on n.sheet_no = c.sheet_no and n.field = column_key(c.field, c.round_no)
    inner join sheets as s on n.sheet_no = s.sheet_no
    inner join files as f on s.source_file = f.source_file
    left join per_export as o on f.container = o.container
    left join staff_answers as a
        on a.kind = 'decimal_mark' and n.sheet_no = a.sheet_no and n.field = a.field
)

select
    * exclude (field_mark, stated_mark, other_mark, staff_mark),
    case mark_decided_by
        when 'staff' then staff_mark
        when 'recipe' then stated_mark
        when 'other_columns' then other_mark
        when 'values' then if(commas > 0, ',', '.')
    end as mark,
    case
        when mark_decided_by is not null or eithers = 0 then null
        when commas > 0 then 'contradiction'
        when stated_mark <> other_mark then 'conflict'
        else 'unknown'
    end as mark_question
from judged;

-- Is a whole 1 or 100? The recipe states it, or the numbers without a percent sign show it: all up to about 1.2 and
-- some between 0 and 1 are parts of 1; some above 1.2 and at most a tenth as many between 0 and 1 are parts of 100.
-- Where only 0 and 1 stand there, 1 is the whole if it stands only in rows whose status is completed. Else `question`
-- is the question to staff.
-- Nothing without: number_marks.
create table number_columns as
with numbers as (
    select
        c.sheet_no,
        c.field,
        c.base_status,
        if(c.mark = 'either' and not c.is_cell_number and not contains(c.words, m.mark), c.thousands, c.number)
            as number
    from number_cells as c
    inner join number_marks as m on c.sheet_no = m.sheet_no and c.field = m.field
    where c.is_percent and not c.is_signed
),

counted as (
    select
        sheet_no,
        field,
        count(*) filter (number > 0 and number < 1) as below_one,
        count(*) filter (number >= 1 and number <= 1.2) as about_one,
        count(*) filter (number >= 1 and number <= 1.2 and base_status = 'completed') as about_one_completed,
        count(*) filter (number > 1.2) as above
    from numbers
    group by sheet_no, field
),

judged as (
    select
        m.*,
        coalesce(n.below_one, 0) as below_one,
        coalesce(n.about_one, 0) as about_one,
        coalesce(n.about_one_completed, 0) as about_one_completed,
        coalesce(n.above, 0) as above,
        try_cast(a.answer as integer) as staff_whole,
        case
            when n.below_one + n.about_one + n.above = 0 then null
            when a.answer <> 'unknown' then 'staff'
            when a.answer = 'unknown' then null
            when m.percent_of is not null then 'recipe'
            when n.above > 0 and n.below_one * 10 > n.above then null
            when n.below_one + n.above > 0 then 'values'
            when n.about_one = n.about_one_completed then 'other_columns'
        end as decided_by
    from number_marks as m
    left join counted as n on m.sheet_no = n.sheet_no and m.field = n.field
    left join staff_answers as a
        on a.kind = 'percent_of' and m.sheet_no = a.sheet_no and m.field = a.field
)

select
    * exclude (staff_whole),
    case decided_by
        when 'staff' then staff_whole
        when 'recipe' then percent_of
        when 'values' then if(above > 0, 100, 1)
        when 'other_columns' then 1
    end as whole,
    case
        when decided_by is not null or below_one + about_one + above = 0 then null
        when below_one > 0 and above > 0 then 'contradiction'
        else 'unknown'
    end as question
from judged;

-- How many actions would have a known category, theme or place if blank cells had the value of others?
-- Grain: one row a blank cell of a register.
-- Nothing without: questions_found where kind in ('headings', 'merged_cells', 'repeats_blank').
insert into answered_cells
with cells as (
    select q.kind, q.sheet_no, q.field, c.row_no, c.source_row, c.cell
    from questions_found as q
    inner join row_cells as c on c.kind = 'actions' and q.sheet_no = c.sheet_no and q.field = c.field
    where q.kind in ('headings', 'merged_cells', 'repeats_blank')
),

-- The last heading above, whatever it names: one without a value of the field ends the one before.
headings as (
    select
        sheet_no,
        source_row,
        case reason
            when 'it is a heading that names a place' then 'regions'
            when 'it is a heading that names a theme' then 'themes'
            when 'it is a heading that names a category' then 'category'
        end as field
    from rejections
    where starts_with(reason, 'it is a heading')
),

below as (
    select c.*, coalesce(c.field = h.field, false) as is_understood
    from cells as c
    asof inner join headings as h on c.sheet_no = h.sheet_no and c.source_row > h.source_row
    where c.kind = 'headings'
),

-- Merged cells have the value of the first one; repeats have the last filled one above.
above as (
    select
        *,
        last_value(cell ignore nulls) over (
            partition by kind, sheet_no, field order by source_row rows unbounded preceding
        ) as words
    from cells
    where kind = 'repeats_blank'
    union all
    select c.*, f.cell
    from cells as c
    inner join merged_cells as m
        on
            c.sheet_no = m.sheet_no
            and c.field = m.field
            and c.source_row > m.first_row
            and c.source_row <= m.last_row
            and not m.is_filled
    left join
        cells as f
    on c.kind = f.kind and c.sheet_no = f.sheet_no and c.field = f.field and m.first_row = f.source_row
    where c.kind = 'merged_cells'
)

select kind, sheet_no, field, row_no, is_understood from below where cell is null
union all
select a.kind, a.sheet_no, a.field, a.row_no, if(a.words is null, null, c.cell is not null)
from above as a
left join cell_codes as c on a.field = c.field and a.sheet_no = c.sheet_no and a.words = c.cell
where a.cell is null;

-- The actions with a known category, theme or place then. Not counted where the recipe leaves rows of the sheet out or
-- its headings name sums, where the field has several columns, and where a country in the maker's name would no longer
-- be seen.
-- Nothing without: answered_cells.
insert into figure_changes
with several as (
    select sheet_no, target as field from column_uses where use = 'field' group by all having count(*) > 1
),

odd as (
    select distinct sheet_no
    from rejections
    where starts_with(reason, 'left out, as the recipe says')
        or reason in ('it is a heading: the rows below have its value', 'its numbers are the sums of those below it')
),

placed as (
    select
        c.*,
        case c.field when 'category' then 'without_category' when 'themes' then 'without_theme' else 'without_place' end
            as figure,
        case figure
            when 'without_category' then a.category is null
            when 'without_theme' then a.action_no not in (select action_no from snapshot.action_themes)
            else a.scope is null
        end as is_without
    from answered_cells as c
    left join kept_actions as k on c.row_no = k.row_no
    left join snapshot.actions as a on k.action_no = a.action_no
    where c.field in ('category', 'themes', 'countries', 'regions')
)

select
    kind,
    sheet_no,
    field,
    case kind when 'headings' then 'below' when 'merged_cells' then 'all' else 'above' end,
    any_value(figure),
    -count(*) filter (is_without and is_understood)
from placed
anti join several using (sheet_no, field)
anti join odd using (sheet_no)
group by kind, sheet_no, field
having
    bool_and(is_understood is not null and (is_understood or figure <> 'without_place' or coalesce(is_without, true)));

-- Nothing without: answered_cells.
insert into figure_changes
select
    kind,
    sheet_no,
    field,
    case kind when 'headings' then 'nothing' when 'merged_cells' then 'first' else 'blank' end,
    figure,
    0
from figure_changes
where kind in ('headings', 'merged_cells', 'repeats_blank');

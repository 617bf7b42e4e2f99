-- severity: question
-- Do headings among the rows, which name something that a codelist knows, hold for the rows below?
-- They are left out unless staff or the recipe say that they do; where a column says the same of the rows, it counts.
-- Grain: one row a sheet and field.
-- Nothing without: rejections where starts_with(reason, 'it is a heading that names').
with named as (
    select
        sheet_no,
        source_row,
        value,
        case reason
            when 'it is a heading that names a place' then 'regions'
            when 'it is a heading that names a theme' then 'themes'
            when 'it is a heading that names a category' then 'category'
            when 'it is a heading that names a stakeholder group' then 'stakeholder_group'
            when 'it is a heading that names a status' then 'status'
        end as field
    from rejections
    where starts_with(reason, 'it is a heading that names') and value is not null
),

-- What may be of two lists is of the one that more headings of the sheet are of.
meant as (
    select
        n.*,
        case s.list
            when 'places' then 'regions'
            when 'themes' then 'themes'
            when 'categories' then 'category'
            when 'stakeholder_groups' then 'stakeholder_group'
            when 'statuses' then 'status'
        end as may_be
    from named as n
    inner join spellings as s on fold(n.value) = s.folded or heading_words(fold(n.value)) = s.folded
),

counted as (
    select sheet_no, may_be, count(distinct source_row) as n from meant where may_be is not null group by all
),

chosen as (
    select
        n.sheet_no,
        n.source_row,
        any_value(n.value) as value,
        coalesce(max_by(c.may_be, (c.n, c.may_be = n.field)), any_value(n.field)) as field
    from named as n
    left join meant as m on n.sheet_no = m.sheet_no and n.source_row = m.source_row
    left join counted as c on m.sheet_no = c.sheet_no and m.may_be = c.may_be
    group by n.sheet_no, n.source_row
),

filled as (
    select distinct c.sheet_no, if(c.target in ('countries', 'subregions'), 'regions', c.target) as field
    from column_uses as c
    inner join sheets as s on c.sheet_no = s.sheet_no
    where c.use = 'field' and 2 * c.filled > s.rows_read
)

select
    n.sheet_no,
    n.field,
    null as header,
    'headings' as variant,
    if(count(f.field) > 0, 'nothing', null) as answer,
    if(count(f.field) > 0, 'other_columns', null) as decided_by,
    map { 'n': count(*)::varchar } as facts,
    list(show_row(n.source_row, n.value) order by n.source_row)[:3] as evidence,
    [candidate('below', []), candidate('nothing', [])] as candidates
from chosen as n
inner join sheets as s on n.sheet_no = s.sheet_no
inner join kind_fields as k on s.kind = k.kind and n.field = k.field
left join filled as f on n.sheet_no = f.sheet_no and n.field = f.field
group by n.sheet_no, n.field

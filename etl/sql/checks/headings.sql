-- severity: question
-- Do headings among the rows, which name something that a codelist knows, hold for the rows below?
-- They are left out unless staff or the recipe say that they do.
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
        end as field
    from rejections
    where starts_with(reason, 'it is a heading that names') and value is not null
)

select
    n.sheet_no,
    n.field,
    null as header,
    'headings' as variant,
    'nothing' as answer,
    'values' as decided_by,
    map { 'n': count(*)::varchar } as facts,
    list(show_row(n.source_row, n.value) order by n.source_row)[:3] as evidence,
    [candidate('below', []), candidate('nothing', [])] as candidates
from named as n
inner join sheets as s on n.sheet_no = s.sheet_no
inner join kind_fields as k on s.kind = k.kind and n.field = k.field
group by n.sheet_no, n.field

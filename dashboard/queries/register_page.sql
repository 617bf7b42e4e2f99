-- Which actions stand on one page of the register, and what does each say on the day?
-- Grain: one row an action, in the order asked for; equal ones keep the register's own order.
-- Parameters: as_of, regions, subregions, countries, categories, themes, groups, statuses, q;
-- sort (a column), code_order (the codes of that column in their codelist's order, else null),
-- descending, limit, offset.
with keyed as (
    select
        a.action_no,
        a.reported_on,
        a.percent,
        a.status_code,
        a.status,
        a.is_overdue,
        a.is_on_time,
        a.completed_on,
        case when $descending then -1 else 1 end * case $sort
            when 'submitted_on' then epoch(a.submitted_on)
            when 'due_on' then epoch(a.due_on)
            when 'reported_on' then epoch(a.reported_on)
            when 'completed_on' then epoch(a.completed_on)
            when 'percent' then a.percent
            when 'is_overdue' then a.is_overdue::double
            when 'status' then list_position($code_order, a.status)
            when 'category' then list_position($code_order, coalesce(a.category, 'unclassified'))
            when 'group' then list_position($code_order, coalesce(a.stakeholder_group, 'unclassified'))
        end as number_key,
        case $sort
            when 'title' then strip_accents(lower(a.title))
            when 'stakeholder' then strip_accents(lower(a.stakeholder))
            when 'action_id' then a.action_id
            when 'language' then a.language
        end as text_key
    from selected_actions($as_of, $regions, $subregions, $countries, $categories, $themes, $groups, $statuses, $q) as a
),

directed as (
    select
        * exclude (text_key),
        case when not $descending then text_key end as rising_text,
        case when $descending then text_key end as falling_text
    from keyed
),

paged as materialized (
    select *
    from directed
    order by number_key asc nulls last, rising_text asc nulls last, falling_text desc nulls last, action_no asc
    limit $limit offset $offset
),

lists as (
    select
        m.action_no,
        list(m.member order by c.sort_order, m.member) filter (m.dimension = 'theme') as themes,
        list(m.member order by c.sort_order, m.member) filter (m.dimension = 'country') as countries,
        list(m.member order by c.sort_order, m.member) filter (m.dimension = 'region') as regions,
        list(m.member order by c.sort_order, m.member) filter (m.dimension = 'subregion') as subregions
    from action_members as m
    inner join paged as p on m.action_no = p.action_no
    left join codes as c
        on m.member = c.code
        and c.codelist = case m.dimension
            when 'theme' then 'themes'
            when 'country' then 'countries'
            when 'region' then 'regions'
            when 'subregion' then 'subregions'
        end
    where m.dimension in ('theme', 'country', 'region', 'subregion')
    group by m.action_no
)

select
    a.action_id,
    a.title,
    a.stakeholder,
    coalesce(a.stakeholder_group, 'unclassified') as "group",
    coalesce(a.category, 'unclassified') as category,
    coalesce(l.themes, []) as themes,
    coalesce(l.regions, []) as regions,
    coalesce(l.subregions, []) as subregions,
    coalesce(l.countries, []) as countries,
    p.status,
    p.status_code,
    p.percent,
    p.reported_on,
    p.completed_on,
    a.due_on,
    p.is_overdue,
    p.is_on_time,
    a.submitted_on,
    a.language,
    a.source_file,
    a.source_sheet,
    a.source_row
from paged as p
inner join actions as a on p.action_no = a.action_no
left join lists as l on p.action_no = l.action_no
order by p.number_key asc nulls last, p.rising_text asc nulls last, p.falling_text desc nulls last, p.action_no asc

-- Which actions lack a group, a category, themes or a place, and what do their words suggest?
-- Grain: one row an action.
with labels as (
    select
        codelist,
        code,
        coalesce(labels[$language], labels['en'], map_values(labels)[1]) as label
    from snapshot.codes
),

suggested as (
    select
        s.action_no,
        string_agg(l.label, '; ') filter (where s.field = 'stakeholder_group') as stakeholder_group,
        string_agg(l.label, '; ' order by s.score desc, s.code) filter (where s.field = 'category') as category,
        string_agg(l.label, '; ' order by s.score desc, s.code) filter (where s.field = 'themes') as themes,
        string_agg(l.label, '; ' order by s.score desc, s.code) filter (where s.field in ('countries', 'regions'))
            as places,
        string_agg(array_to_string(s.words, ', '), '; ' order by s.field, s.score desc, s.code) as words
    from snapshot.suggested_classes as s
    left join labels as l
        on s.code = l.code
        and list_contains(
            case s.field
                when 'stakeholder_group' then ['stakeholder_groups']
                when 'category' then ['categories']
                when 'regions' then ['regions', 'subregions']
                else [s.field]
            end,
            l.codelist
        )
    group by s.action_no
),

themed as (select distinct action_no from snapshot.action_themes)

select
    a.action_id,
    a.stakeholder,
    a.title,
    a.description,
    a.stakeholder_group is null as lacks_group,
    a.category is null as lacks_category,
    t.action_no is null as lacks_themes,
    a.scope is null as lacks_places,
    s.stakeholder_group,
    s.category,
    s.themes,
    s.places,
    s.words
from snapshot.actions as a
left join themed as t on a.action_no = t.action_no
left join suggested as s on a.action_no = s.action_no
where a.stakeholder_group is null or a.category is null or t.action_no is null or a.scope is null
order by a.stakeholder nulls last, a.title nulls last, a.action_id

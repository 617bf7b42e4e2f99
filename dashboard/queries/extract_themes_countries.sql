-- What is the state of each action, once for each of its themes and places, so that a pivot table can count by both?
-- Grain: one row an action, theme and place.
-- Parameters: selection; lang; first, last (action_no of a portion).
with labels as (select * from labels_in($lang)),

chosen as (
    select *
    from selected_actions($selection)
    where action_no between $first and $last
)

select
    c.action_id,
    c.title,
    stakeholder_in(c.stakeholder, $lang) as stakeholder,
    coalesce(stakeholder_groups.label, c.stakeholder_group) as "group",
    coalesce(categories.label, c.category) as category,
    coalesce(themes.label, t.member) as theme,
    coalesce(regions.label, p.region) as region,
    coalesce(subregions.label, p.subregion) as subregion,
    coalesce(country_names.label, p.iso3) as country,
    coalesce(statuses.label, c.status) as status,
    c.percent,
    c.is_reported,
    c.is_completed,
    c.completed_on,
    c.due_on,
    c.is_overdue,
    c.is_on_time,
    1.0::double / count(*) over (partition by c.action_no) as share,
    coalesce(c.category, 'unclassified') as category_code,
    t.member as theme_code,
    p.region as region_code,
    p.subregion as subregion_code,
    p.iso3 as country_code,
    coalesce(c.stakeholder_group, 'unclassified') as group_code,
    c.status as status_code
from chosen as c
inner join action_members as t on c.action_no = t.action_no and t.dimension = 'theme'
inner join named_places() as p on c.action_no = p.action_no
left join labels as stakeholder_groups
    on stakeholder_groups.codelist = 'stakeholder_groups'
    and coalesce(c.stakeholder_group, 'unclassified') = stakeholder_groups.code
left join labels as categories
    on categories.codelist = 'categories'
    and coalesce(c.category, 'unclassified') = categories.code
left join labels as themes on themes.codelist = 'themes' and t.member = themes.code
left join labels as regions on regions.codelist = 'regions' and p.region = regions.code
left join labels as subregions on subregions.codelist = 'subregions' and p.subregion = subregions.code
left join labels as country_names on country_names.codelist = 'countries' and p.iso3 = country_names.code
left join labels as statuses on statuses.codelist = 'statuses' and c.status = statuses.code
order by
    c.action_no,
    themes.sort_order,
    t.member,
    regions.sort_order,
    p.region,
    subregions.sort_order nulls last,
    p.subregion,
    country_names.sort_order nulls last,
    p.iso3

-- How are these actions called in the published snapshot, and how are they classified there? Regions that follow from
-- countries are not stated: they are left out.
-- Grain: one row an action.
with asked as (
    select * from snapshot.actions where list_contains($action_ids::varchar[], action_id)
),

parts as (
    select action_no, subregion as code from snapshot.action_subregions
    union all
    select r.action_no, r.region
    from snapshot.action_regions as r
    anti join snapshot.action_subregions as s on r.action_no = s.action_no
),

themed as (select action_no, list(theme) as themes from snapshot.action_themes group by action_no),

placed as (select action_no, list(iso3) as countries from snapshot.action_countries group by action_no),

parted as (select action_no, list(code) as regions from parts group by action_no)

select
    a.action_id,
    a.stakeholder,
    a.title,
    [a.stakeholder_group] as stakeholder_group,
    [a.category] as category,
    t.themes,
    p.countries,
    case when a.scope <> 'countries' then r.regions end as regions
from asked as a
left join themed as t on a.action_no = t.action_no
left join placed as p on a.action_no = p.action_no
left join parted as r on a.action_no = r.action_no

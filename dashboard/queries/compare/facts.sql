-- What are the fields of each action in one of two compared snapshots on its last day? Codes stay codes;
-- lists are joined in order, so that they compare as they read. A field without a value is null.
-- Grain: one row an action.
-- Parameters: none.
with
places as (
    select
        action_id,
        string_agg(iso3, ', ' order by iso3) as countries
    from action_countries
    group by action_id
),

stated_regions as (
    select
        action_id,
        string_agg(region, ', ' order by region) as regions
    from action_regions
    group by action_id
),

subjects as (
    select
        action_id,
        string_agg(theme, ', ' order by theme) as themes
    from action_themes
    group by action_id
),

day as (select last_date from campaign)

select
    a.action_id,
    a.title,
    a.stakeholder,
    {
        'title': a.title,
        'stakeholder': a.stakeholder,
        'status': coalesce(s.status_code, s.status),
        'percent': s.percent,
        'reported_on': s.reported_on,
        'stakeholder_group': a.stakeholder_group,
        'category': a.category,
        'themes': subjects.themes,
        'scope': a.scope,
        'regions': stated_regions.regions,
        'countries': places.countries,
        'submitted_on': a.submitted_on,
        'due_on': a.due_on,
        'language': a.language,
        'description': a.description,
        'impact': a.impact,
        'communication': a.communication,
        'partners': a.partners,
        'url': a.url
    } as facts
from actions as a
inner join actions_on((select last_date from day)) as s on a.action_no = s.action_no
left join places on a.action_id = places.action_id
left join stated_regions on a.action_id = stated_regions.action_id
left join subjects on a.action_id = subjects.action_id

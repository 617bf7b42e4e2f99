-- What does one action promise, what is its state on the day, and what is the source of each part?
-- Grain: one row, none when there is no such action.
-- Parameters: action_id, as_of.
with members as (
    select
        m.action_no,
        list(m.member order by m.member) filter (m.dimension = 'theme') as themes,
        list(m.member order by m.member) filter (m.dimension = 'region') as regions,
        list(m.member order by m.member) filter (m.dimension = 'subregion') as subregions,
        list(m.member order by m.member) filter (m.dimension = 'country') as countries,
        list(m.member order by m.member) filter (m.dimension = 'grouping') as groupings
    from action_members as m
    inner join actions as a on m.action_no = a.action_no
    where a.action_id = $action_id
    group by m.action_no
)

select
    a.action_id,
    a.submission_id,
    a.title,
    a.stakeholder_id,
    a.stakeholder,
    coalesce(a.stakeholder_group, 'unclassified') as "group",
    coalesce(a.category, 'unclassified') as category,
    coalesce(m.themes, []) as themes,
    coalesce(m.regions, []) as regions,
    coalesce(m.subregions, []) as subregions,
    coalesce(m.countries, []) as countries,
    coalesce(m.groupings, []) as groupings,
    a.scope,
    r.status,
    r.status_code,
    r.percent,
    r.reported_on,
    r.completed_on,
    a.submitted_on,
    a.due_on,
    r.is_overdue,
    r.is_on_time,
    a.language,
    a.description,
    a.impact,
    a.communication,
    a.partners,
    a.url,
    a.source_file,
    a.source_sheet,
    a.source_row,
    a.classification_file,
    a.classification_sheet,
    a.classification_row
from actions as a
inner join actions_on($as_of) as r on a.action_no = r.action_no
left join members as m on a.action_no = m.action_no
where a.action_id = $action_id

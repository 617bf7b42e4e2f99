-- What is the state of the actions of one register page on the day?
-- Grain: one row an action, in the order of their numbers here.
-- Parameters: as_of, numbers (action_no of each).
with paged as materialized (
    select action_no, place
    from unnest($numbers::integer[]) with ordinality as t (action_no, place)
),

reported as (
    select *
    from counted_actions($as_of, null, null, null, null, null, null, null, null, null, null, null)
    where action_no in (select p.action_no from paged as p)
),

lists as (
    select
        action_no,
        list_sort(list(member) filter (dimension = 'theme')) as themes,
        list_sort(list(member) filter (dimension = 'region')) as regions,
        list_sort(list(member) filter (dimension = 'subregion')) as subregions,
        list_sort(list(member) filter (dimension = 'country')) as countries,
        list_sort(list(member) filter (dimension = 'grouping')) as groupings
    from action_members
    where action_no in (select p.action_no from paged as p)
    group by action_no
),

reckoned as (
    select
        action_no,
        count(*) as due,
        count(*) filter (reached_on <= $as_of) as reached
    from milestones
    where due_on <= $as_of and action_no in (select p.action_no from paged as p)
    group by action_no
),

promised as (
    select
        action_no,
        count(*) as results,
        count(*) filter (outcome = 'met') as results_met
    from results_on($as_of)
    where target is not null and action_no in (select p.action_no from paged as p)
    group by action_no
)

select
    a.action_id,
    a.title,
    a.stakeholder_id,
    a.stakeholder,
    coalesce(a.stakeholder_group, 'unclassified') as "group",
    coalesce(a.category, 'unclassified') as category,
    coalesce(l.themes, []) as themes,
    coalesce(l.regions, []) as regions,
    coalesce(l.subregions, []) as subregions,
    coalesce(l.countries, []) as countries,
    coalesce(l.groupings, []) as groupings,
    r.status,
    r.status_code,
    r.percent,
    r.reported_on,
    r.completed_on,
    a.due_on,
    r.is_overdue,
    r.is_on_time,
    ['claimed', 'evidenced', 'reviewed', 'verified'][e.step_no] as evidence,
    coalesce(m.due, 0) as milestones_due,
    coalesce(m.reached, 0) as milestones_reached,
    coalesce(n.results, 0) as results,
    coalesce(n.results_met, 0) as results_met,
    a.submitted_on,
    a.language,
    a.source_file,
    a.source_sheet,
    a.source_row
from paged as p
inner join reported as r on p.action_no = r.action_no
inner join actions as a on p.action_no = a.action_no
left join lists as l on p.action_no = l.action_no
left join evidence_on($as_of) as e on p.action_no = e.action_no
left join reckoned as m on p.action_no = m.action_no
left join promised as n on p.action_no = n.action_no
order by p.place

-- Which actions stand on one page of the register, and what does each say on the day?
-- Grain: one row an action, in the order asked for; equal ones keep the register's own order.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q;
-- sort (a column), code_order (the codes of that column in their codelist's order, else null),
-- descending, row_limit, row_offset.
with keyed as (
    select
        action_no,
        register_number(
            $sort, $descending, $code_order, submitted_on, due_on, reported_on, completed_on, percent, is_overdue,
            status, category, stakeholder_group
        ) as number_key,
        register_text($sort, title, stakeholder, action_id, language) as text_key
    from selected_actions(
        $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
        $statuses, $evidence, $q
    )
),

directed as (
    select
        action_no,
        number_key,
        case when not $descending then text_key end as rising_text,
        case when $descending then text_key end as falling_text
    from keyed
),

-- Only numbers go through the sort; texts and lists are fetched for the page's rows alone.
paged as materialized (
    select *
    from directed
    order by number_key asc nulls last, rising_text asc nulls last, falling_text desc nulls last, action_no asc
    limit $row_limit offset $row_offset
),

reported as (
    select *
    from actions_on($as_of)
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
        count(*) filter (outcome_no <= 3) as due,
        count(*) filter (outcome_no = 1) as reached
    from milestones_on($as_of)
    where action_no in (select p.action_no from paged as p)
    group by action_no
)

select
    r.action_id,
    r.title,
    r.stakeholder_id,
    r.stakeholder,
    coalesce(r.stakeholder_group, 'unclassified') as "group",
    coalesce(r.category, 'unclassified') as category,
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
    r.due_on,
    r.is_overdue,
    r.is_on_time,
    ['claimed', 'evidenced', 'reviewed', 'verified'][e.step_no] as evidence,
    coalesce(m.due, 0) as milestones_due,
    coalesce(m.reached, 0) as milestones_reached,
    r.submitted_on,
    r.language,
    a.source_file,
    a.source_sheet,
    a.source_row
from paged as p
inner join reported as r on p.action_no = r.action_no
inner join actions as a on p.action_no = a.action_no
left join lists as l on p.action_no = l.action_no
left join evidence_on($as_of) as e on p.action_no = e.action_no
left join reckoned as m on p.action_no = m.action_no
order by p.number_key asc nulls last, p.rising_text asc nulls last, p.falling_text desc nulls last, p.action_no asc

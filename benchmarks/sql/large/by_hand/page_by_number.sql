-- Which actions stand on the first page of the register, and what is known of each, with its members?
-- Grain: one row an action.
-- Parameters: most, as_of.
with paged as materialized (
    select action_no, row_number() over () as place
    from (select action_no from last_day order by submitted_on desc nulls last, action_no limit $most) as p
),

members as (
    select
        action_no,
        list(member order by member) filter (dimension = 'theme') as themes,
        list(member order by member) filter (dimension = 'region') as regions,
        list(member order by member) filter (dimension = 'subregion') as subregions,
        list(member order by member) filter (dimension = 'country') as countries,
        list(member order by member) filter (dimension = 'grouping') as groupings
    from action_members
    where action_no in (select p.action_no from paged as p)
    group by action_no
)

select
    a.action_id,
    a.title,
    a.stakeholder_id,
    a.stakeholder,
    a.stakeholder_group,
    a.category,
    m.* exclude (action_no),
    d.status,
    d.status_code,
    d.percent,
    d.reported_on,
    d.completed_on,
    d.is_overdue,
    d.is_on_time,
    a.due_on,
    e.step_no,
    a.submitted_on,
    a.language,
    a.source_file,
    a.source_sheet,
    a.source_row
from paged as p
inner join actions as a on p.action_no = a.action_no
inner join last_day as d on p.action_no = d.action_no
left join members as m on p.action_no = m.action_no
left join evidence_spells as e
    on p.action_no = e.action_no and e.valid_from <= $as_of and e.valid_to > $as_of
order by p.place

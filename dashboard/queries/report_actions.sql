-- Which actions does a stakeholder's link open, and what is known of each on the day?
-- Grain: one row an action: those that the link was made for, then the others of their stakeholders, each in the
-- register's order.
-- Parameters: as_of, action_ids (a list).
with named as (
    select
        action_no,
        stakeholder_id
    from actions
    where list_contains($action_ids::varchar[], action_id)
),

located as (
    select
        action_no,
        list(member order by member) as regions
    from action_members
    where dimension = 'region' and member not in ('global', 'unclassified')
    group by action_no
)

select
    a.action_id,
    a.title,
    a.language,
    a.stakeholder,
    case when a.is_reported then a.status end as status,
    a.status_code,
    a.percent,
    a.reported_on,
    is_unknown(a.status_no) as is_unknown,
    coalesce(l.regions, []) as regions
from actions_on($as_of) as a
left join named as n on a.action_no = n.action_no
left join located as l on a.action_no = l.action_no
where n.action_no is not null or a.stakeholder_id in (select named.stakeholder_id from named)
order by n.action_no is null, a.action_no

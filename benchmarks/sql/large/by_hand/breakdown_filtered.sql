-- The same of two regions and one stakeholder group.
-- Grain: one row a member and status.
-- Parameters: dimension.
select
    m.member,
    a.status_no,
    a.is_overdue,
    a.is_on_time,
    count(*) as actions
from last_day as a
inner join action_members as m on a.action_no = m.action_no
where
    m.dimension = $dimension
    and a.stakeholder_group = 'government'
    and a.action_no in (
        select o.action_no from action_members as o where o.dimension = 'region' and o.member in ('africa', 'americas')
    )
group by all

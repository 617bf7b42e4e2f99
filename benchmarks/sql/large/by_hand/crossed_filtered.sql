-- The same of two regions and one stakeholder group.
-- Grain: one row a pair.
-- Parameters: none.
select
    r.member as region,
    t.member as theme,
    count(*) as actions,
    count(*) filter (a.is_reported) as reported,
    count(*) filter (a.is_completed) as completed
from last_day as a
inner join action_members as r on a.action_no = r.action_no and r.dimension = 'region'
inner join action_members as t on a.action_no = t.action_no and t.dimension = 'theme'
where
    a.stakeholder_group = 'government'
    and a.action_no in (
        select o.action_no from action_members as o where o.dimension = 'region' and o.member in ('africa', 'americas')
    )
group by all

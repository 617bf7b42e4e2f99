-- How far are the actions of each member of a dimension?
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
where m.dimension = $dimension
group by all

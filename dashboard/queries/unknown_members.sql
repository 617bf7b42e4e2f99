-- Which members of some dimensions do the actions with unknown progress have?
-- Grain: one row an action and member; an action with several members has a row for each.
-- Parameters: selection; dimensions (a list).
select
    m.dimension,
    m.member as code,
    a.action_no
from counted_actions($selection) as a
inner join action_members as m on a.action_no = m.action_no
where list_contains($dimensions::varchar[], m.dimension) and is_unknown(a.status_no)

-- Which actions of a selection have another status than on an earlier day, and which one did they have?
-- Grain: one row an action with a changed status; the furthest now first.
-- Parameters: selection; since, row_limit, row_offset.
select
    a.action_id,
    a.title,
    a.stakeholder,
    b.status as before,
    a.status as after
from selected_actions($selection) as a
inner join actions_on($since) as b on a.action_no = b.action_no
where a.status_no != b.status_no
order by a.status_no, b.status_no desc, a.action_no
limit $row_limit offset $row_offset

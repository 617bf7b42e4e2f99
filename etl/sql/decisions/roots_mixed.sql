-- Which linked submissions bear ids that name different actions?
-- Grain: one row a root.
select r.root
from action_roots as r
inner join action_keys as k on r.row_no = k.row_no
group by r.root
having min(without_zeros(k.named_action)) <> max(without_zeros(k.named_action))

-- Which titles are compared? Those of the pairs of actions, and those that two stakeholders share.
-- Grain: one row a pair.
with pairs as (
    select * from action_pairs
    union
    select * from shared_titles
)

select p.left_no, p.right_no, fold(a.title), fold(b.title)
from pairs as p
inner join snapshot.actions as a on p.left_no = a.action_no
inner join snapshot.actions as b on p.right_no = b.action_no

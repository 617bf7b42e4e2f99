-- Which descriptions are compared? Their first `$compared` characters, of pairs where both say more than a few words.
-- Grain: one row a pair.
select p.left_no, p.right_no, left(a.description, $compared), left(b.description, $compared)
from action_pairs as p
inner join snapshot.actions as a on p.left_no = a.action_no and length(a.description) > 40
inner join snapshot.actions as b on p.right_no = b.action_no and length(b.description) > 40

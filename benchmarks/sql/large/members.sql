-- The members of one dimension of all copies, which stand in the order of dimension, action and member, as a build
-- writes them.
-- Parameters: $dimension, $copy, $actions.
insert into snapshot.action_members
select * replace ((action_no + $copy * $actions)::integer as action_no)
from source.action_members
where dimension = $dimension
order by action_no, member;

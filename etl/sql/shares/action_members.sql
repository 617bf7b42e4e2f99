-- The members of the actions of all buckets, in the order of reading by pages.
-- Grain: one row a dimension, action and member (`given_rows` holds those of all buckets).
insert into snapshot.action_members
select dimension, action_no, member
from given_rows
order by dimension, action_no, member;

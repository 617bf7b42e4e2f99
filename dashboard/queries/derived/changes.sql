-- What is the result of `changes.sql` for all actions, those of one member, or all members of a dimension, up to any
-- day?
-- Grain: one row a member and day.
-- Parameters: of_dimension, of_member (`all` of both for all actions; null for all members); as_of.
select
    member as code,
    on_date,
    completed,
    known,
    reported
from changes
where dimension = $of_dimension and ($of_member is null or member = $of_member) and on_date <= $as_of

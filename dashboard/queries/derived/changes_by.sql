-- What `changes_by.sql` asks, of all actions, up to any day?
-- Grain: one row a member and day.
-- Parameters: dimension, as_of.
select
    member as code,
    on_date,
    completed,
    known,
    reported
from changes
where dimension = $dimension and on_date <= $as_of

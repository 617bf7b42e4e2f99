-- What `changes.sql` asks, of all actions or of those of one member, up to any day?
-- Grain: one row a day.
-- Parameters: of_dimension, of_member (`all` for all); as_of.
select
    on_date,
    completed,
    known,
    reported
from changes
where dimension = $of_dimension and member = $of_member and on_date <= $as_of

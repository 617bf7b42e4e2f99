-- How many are counted in each member of a dimension, of all actions or of those of one member, on the last day?
-- Grain: one row for the actions of a member that are alike in this, as there.
-- Parameters: of_dimension, of_member (`all` for all); dimension.
select
    other_member as code,
    status_no,
    is_overdue,
    is_on_time,
    actions as number
from pairs
where dimension = $of_dimension and member = $of_member and other_dimension = $dimension

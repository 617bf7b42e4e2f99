-- How many actions are counted in each pair of members of two dimensions, on the last day?
-- Grain: one row for the actions of a pair that are alike in this.
-- Parameters: row_dimension, column_dimension.
select
    member as row_code,
    other_member as column_code,
    status_no,
    is_overdue,
    is_on_time,
    actions as number
from pairs
where dimension = $row_dimension and other_dimension = $column_dimension

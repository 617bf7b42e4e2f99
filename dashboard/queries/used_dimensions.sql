-- Which dimensions has an action a value of, so that they divide the actions?
-- Grain: one row a dimension.
-- Parameters: none.
select distinct dimension
from action_members
where member <> 'unclassified'

-- Which dimensions have a value in any action, so that they divide the actions?
-- Grain: one row a dimension.
-- Parameters: none.
select distinct dimension
from action_members
where member <> 'unclassified'

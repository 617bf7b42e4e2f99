-- How many actions does the register have?
-- Grain: one row.
-- Parameters: selection.
select count(*) as actions
from numbered_actions($selection)

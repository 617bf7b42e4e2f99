-- How many actions does the register hold?
-- Grain: one row.
-- Parameters: selection.
select count(*) as actions
from numbered_actions($selection)

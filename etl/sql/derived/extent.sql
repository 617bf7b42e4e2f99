-- How many actions are there, and from which number to which?
-- Grain: one row.
-- Parameters: none.
select
    count(*) as actions,
    coalesce(min(action_no), 0) as first_no,
    coalesce(max(action_no), 0) as last_no
from snapshot.actions

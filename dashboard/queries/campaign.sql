-- Which campaign is this, and from when to when are its data?
-- Grain: one row.
-- Parameters: none.
select *
from campaign

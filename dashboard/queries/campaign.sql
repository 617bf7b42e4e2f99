-- Which campaign is this, and which period do its data cover?
-- Grain: one row.
-- Parameters: none.
select *
from campaign

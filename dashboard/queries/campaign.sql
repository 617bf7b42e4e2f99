-- Which campaign is this, and which build of it?
-- Grain: the only row of the table.
-- Parameters: none.
select *
from campaign

-- How many letters went out so long ago that nothing of them is kept?
-- Grain: one row.
-- Parameters: before.
select count(*) as rows
from letters
where noted_at < $before

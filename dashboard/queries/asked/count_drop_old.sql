-- How many letters are old enough to be dropped?
-- Grain: one row.
-- Parameters: before.
select count(*) as rows
from letters
where noted_at < $before

-- How many sessions have ended?
-- Grain: one row.
-- Parameters: now, idle_since.
select count(*) as rows
from sessions
where ends_at <= $now or seen_at <= $idle_since

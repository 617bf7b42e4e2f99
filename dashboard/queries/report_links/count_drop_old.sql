-- How many links ended so long ago that they are dropped?
-- Grain: one row.
-- Parameters: before.
select count(*) as rows
from report_links
where coalesce(ended_on, ends_on) < $before

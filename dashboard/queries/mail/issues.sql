-- Which issues were made, the last one first?
-- Grain: one row an issue.
-- Parameters: none.
select
    issue_id,
    known_until,
    entries
from issues
order by made_at desc

-- Which issues were made, the last one first?
-- Grain: one row an issue.
-- Parameters: none.
select
    issue_id,
    made_at,
    known_until,
    build_id,
    entries
from issues
order by made_at desc

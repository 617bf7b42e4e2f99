-- Which links were made, the newest first?
-- Grain: one row a link.
-- Parameters: made_by, the key of who made them; null for everybody's.
select
    handle,
    label,
    path,
    query,
    made_by,
    made_as,
    made_name,
    made_on,
    ends_on,
    uses,
    last_used_on,
    revoked_on
from links
where :made_by is null or made_by = :made_by
order by made_on desc, rowid desc

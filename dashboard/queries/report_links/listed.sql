-- Which links were made, the newest first?
-- Grain: one row a link.
-- Parameters: origin, handle; null for any.
select
    handle,
    origin,
    action_ids,
    wave,
    made_on,
    ends_on,
    ended_on
from report_links
where (:origin is null or origin = :origin) and (:handle is null or handle = :handle)
order by made_on desc, rowid desc

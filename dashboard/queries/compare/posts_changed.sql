-- How many events and stories are in only one of two compared snapshots?
-- Grain: one row.
-- Parameters: none.
select
    count(*) filter (b.id is null and a.kind = 'event') as events_added,
    count(*) filter (b.id is null and a.kind = 'story') as stories_added,
    count(*) filter (a.id is null and b.kind = 'event') as events_removed,
    count(*) filter (a.id is null and b.kind = 'story') as stories_removed
from after_posts as a
full join before_posts as b on a.kind = b.kind and a.id = b.id

-- Which events and stories does one of two compared snapshots hold?
-- Grain: one row an event or a story.
-- Parameters: none.
select 'event' as kind, id
from events
union all
select 'story' as kind, id
from stories

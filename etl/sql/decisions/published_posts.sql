-- Is an event or story with this id published?
-- Grain: one row, or none. Parameters: asked, the id; kind (event, story).
select 1
from snapshot.post_texts
where kind = $kind and id = $asked
union
select 1
from snapshot.suggested_duplicates
where kind = $kind || '_version' and $asked in (left_id, right_id)

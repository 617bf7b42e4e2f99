-- In which languages are events and stories told in a snapshot of an older program? Each in one, without a summary.
-- Grain: one row an event or story. Parameters: none.
create view post_texts as
select 'event' as kind, id, language, title, null::varchar as summary, null::varchar as body, url
from snapshot.events
union all
select 'story', id, language, title, null, null, url
from snapshot.stories

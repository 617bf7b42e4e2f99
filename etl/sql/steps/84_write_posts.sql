-- In which languages is each event and story told, and which actions does each belong to?
-- Grain: one row a text (snapshot.post_texts); one row an item and action (snapshot.post_actions).
insert into snapshot.post_texts
select 'event', id, language, title, null, null, url from snapshot.events
union all
select 'story', id, language, title, null, null, url from snapshot.stories
order by all;

insert into snapshot.post_actions
with linked as (
    select 'event' as kind, s.known_as as id, m.action_no, m.matched_by
    from events_rows as s
    inner join kept_events as k on s.row_no = k.row_no
    inner join matched as m on m.kind = 'events' and s.row_no = m.row_no
    union all
    select 'story', s.known_as, m.action_no, m.matched_by
    from stories_rows as s
    inner join kept_stories as k on s.row_no = k.row_no
    inner join matched as m on m.kind = 'stories' and s.row_no = m.row_no
)

select l.kind, l.id, l.action_no, a.action_id, l.matched_by
from linked as l
inner join kept_actions as a on l.action_no = a.action_no
order by all;

-- Which events and stories belong to one action, in which languages, as of a day? A chosen day leaves out stories that
-- appeared after it; events are announced before.
-- Grain: one row an event or story × language version: coming and latest ones first, each in the reader's language
-- first, then in its own.
-- Parameters: action_id, lang, posts_until (a day, or null).
with posts as (
    select 'event' as kind, id, on_date, ends_on, place, language from events
    union all
    select 'story', id, on_date, null, null, language from stories
),

linked as (
    select distinct kind, id from post_actions where action_id = $action_id
)

select
    p.kind,
    p.id,
    p.on_date,
    p.ends_on,
    p.place,
    t.language,
    t.title,
    t.summary,
    t.url
from linked as l
inner join posts as p on l.kind = p.kind and l.id = p.id
inner join post_texts as t on p.kind = t.kind and p.id = t.id
where p.kind = 'event' or p.on_date is null or $posts_until::date is null or p.on_date <= $posts_until
order by
    p.on_date desc nulls last,
    p.kind,
    p.id,
    (t.language = $lang) desc nulls last,
    (t.language = p.language) desc nulls last,
    t.language nulls last

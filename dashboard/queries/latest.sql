-- Which entries do these actions have, newest first, by their day or the moment they became known here? Events and
-- stories belong to each action that they are linked to; those without an action appear only without filters.
-- Grain: one row an entry; coming events alone with the next one first.
-- Parameters: selection; everything (nothing is filtered); posts_until, this_day, kinds, first_kind, last_kind,
-- coming, since, until, known_after, known_until, entry_id (as `entries_among` has them); by_known; lang; row_limit,
-- row_offset.
with chosen as (  -- noqa: ST03
    select action_no
    from numbered_actions($selection)
),

paged as materialized (
    select
        *,
        if($by_known::boolean, known_at, null) as known_first,
        if($coming::boolean, on_date, null) as soonest
    from entries_among(
        'chosen', $everything::boolean, $as_of, $posts_until::date, $this_day, $kinds, $first_kind, $last_kind,
        $coming::boolean, $since::date, $until::date, $known_after::timestamptz, $known_until::timestamptz,
        $entry_id::uuid
    )
    order by known_first desc nulls last, soonest asc nulls last, on_date desc nulls last, kind_no asc, entry_id asc
    limit $row_limit offset $row_offset
),

-- The text of each event and story in the reader's language, else the one in its table.
texts as (
    select t.kind, t.id, t.title, t.language, t.summary, t.url
    from post_texts as t
    semi join paged as p on t.kind = p.kind and t.id = p.item_id
    left join events as e on t.kind = 'event' and t.id = e.id
    left join stories as s on t.kind = 'story' and t.id = s.id
    qualify row_number() over (
        partition by t.kind, t.id
        order by t.language is not distinct from $lang desc, t.title = coalesce(e.title, s.title) desc, t.language,
        t.title
    ) = 1
),

linked as (
    select l.kind, l.id, min(l.action_no) as action_no, count(*) as actions
    from post_actions as l
    semi join paged as p on l.kind = p.kind and l.id = p.item_id
    group by l.kind, l.id
)

select
    p.entry_id::varchar as entry_id,
    p.kind,
    p.on_date,
    (p.known_at at time zone 'UTC')::date as known_on,
    p.known_at,
    coalesce(t.title, m.label, a.title) as title,
    if(p.item_id is null, a.language, t.language) as language,
    a.action_id,
    a.title as action_title,
    coalesce(l.actions, if(p.action_no is null, 0, 1)) as actions,
    stakeholder_in(a.stakeholder, $lang) as stakeholder,
    coalesce(t.url, e.url, s.url) as url,
    case p.kind when 'milestone' then a.title when 'event' then e.place when 'story' then t.summary else p.status end
    as detail,
    t.summary,
    e.ends_on,
    e.starts_at,
    e.ends_at,
    e.place,
    p.item_id,
    p.before,
    p.status
from paged as p
left join linked as l on p.kind = l.kind and p.item_id = l.id
left join actions as a on coalesce(p.action_no, l.action_no) = a.action_no
left join milestones as m on p.kind = 'milestone' and p.part_no = m.milestone_no
left join texts as t on p.kind = t.kind and p.item_id = t.id
left join events as e on p.kind = 'event' and p.item_id = e.id
left join stories as s on p.kind = 'story' and p.item_id = s.id
order by
    p.known_first desc nulls last, p.soonest asc nulls last, p.on_date desc nulls last, p.kind_no asc, p.entry_id asc

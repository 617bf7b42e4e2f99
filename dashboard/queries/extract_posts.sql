-- Which events or stories (`query_templates`) belong to these actions, whatever the day, in the reader's language where
-- they have a text in it?
-- Grain: one row an event or story, the earliest first; with `everything` also those of no known action.
-- Parameters: selection; lang; everything.
with chosen as (
    select action_no, action_id, title
    from selected_actions($selection)
),

linked as (
    select p.id, arg_min(c.title, c.action_id) as title, min(c.action_id) as action_id
    from post_actions as p
    inner join chosen as c on p.action_no = c.action_no
    where p.kind = 'event'
    group by p.id
),

all_linked as (
    select id, string_agg(action_id, '; ' order by action_id) as action_ids
    from post_actions
    where kind = 'event'
    group by id
),

spoken as (
    select id, string_agg(distinct language, '; ' order by language) as languages
    from post_texts
    where kind = 'event'
    group by id
),

told as (
    select *
    from post_texts
    where kind = 'event'
    qualify row_number() over (
        partition by id order by language = $lang desc nulls last, summary is not null desc, language, title
    ) = 1 and language = $lang
),

own as (
    select *
    from post_texts
    where kind = 'event'
    qualify row_number() over (partition by id order by body is null, language nulls last, title) = 1
)

select
    i.id,
    i.on_date,
    -- columns of events
    coalesce(t.title, i.title) as title,
    coalesce(t.summary, o.summary) as summary,
    coalesce(t.url, i.url) as url,
    l.action_id,
    a.action_ids,
    l.title as action_title,
    s.languages,
    coalesce(t.body, o.body) as body,
    coalesce(t.language, i.language) as language_code,
    i.source_file,
    i.source_sheet,
    i.source_row
from events as i
left join linked as l on i.id = l.id
left join all_linked as a on i.id = a.id
left join spoken as s on i.id = s.id
left join told as t on i.id = t.id
left join own as o on i.id = o.id and t.id is null and i.language is not distinct from o.language
where l.id is not null or $everything::boolean
order by i.on_date nulls last, i.id, i.source_file, i.source_row

-- Events and stories with their texts and their actions, and the account of their other tellings.
-- A body is cut at 20,000 characters. Names of persons that are not public are taken out of the texts.
-- Grain: one row an item (snapshot.events, snapshot.stories), a text, an item and action, a telling that was merged.
create table post_names as
select list(spelling order by length(spelling) desc, spelling) as names from hidden_names where length(spelling) > 3;

create macro names_in(words) as list_filter(
    coalesce((select names from post_names), []), lambda name: contains(lower(words), lower(name))
);

create macro without_names(words) as if(
    coalesce(len(names_in(words)), 0) = 0,
    words,
    regexp_replace(
        words, array_to_string(list_transform(names_in(words), lambda name: regexp_escape(name)), '|'), '[…]', 'gi'
    )
);

create table shown_posts as
select
    p.kind,
    p.item_id,
    p.known_as,
    p.on_date,
    p.ends_on,
    p.starts_at,
    p.ends_at,
    without_names(p.place) as place,
    without_names(p.title) as title,
    without_names(p.summary) as summary,
    without_names(if(length(p.body) > 20000, left(p.body, 20000) || ' …', p.body)) as body,
    p.url,
    l.code as language,
    f.source_file,
    f.sheet,
    p.source_row
from post_members as p
inner join sheets as f on p.sheet_no = f.sheet_no
left join cell_codes as l on l.field = 'language' and p.sheet_no = l.sheet_no and p.language = l.cell;

create view first_actions as
select l.kind, l.item_id, a.action_id
from post_links as l
inner join kept_actions as a on l.action_no = a.action_no
qualify row_number() over (partition by l.kind, l.item_id order by a.action_id) = 1;

insert into snapshot.events
with others as (
    select
        item_id,
        any_value(ends_on) as ends_on,
        any_value(starts_at) as starts_at,
        any_value(ends_at) as ends_at,
        any_value(place order by known_as) as place
    from shown_posts
    where kind = 'event'
    group by item_id
)

select
    s.item_id,
    s.on_date,
    s.title,
    s.language,
    s.url,
    a.action_id,
    s.source_file,
    s.sheet,
    s.source_row,
    coalesce(s.ends_on, o.ends_on),
    coalesce(s.starts_at, o.starts_at),
    coalesce(s.ends_at, o.ends_at),
    coalesce(s.place, o.place)
from shown_posts as s
inner join others as o on s.item_id = o.item_id
left join first_actions as a on s.kind = a.kind and s.item_id = a.item_id
where s.kind = 'event' and s.known_as = s.item_id
order by s.on_date, s.item_id;

insert into snapshot.stories
select
    s.item_id,
    s.on_date,
    s.title,
    s.language,
    s.url,
    a.action_id,
    s.source_file,
    s.sheet,
    s.source_row
from shown_posts as s
left join first_actions as a on s.kind = a.kind and s.item_id = a.item_id
where s.kind = 'story' and s.known_as = s.item_id
order by s.on_date, s.item_id;

insert into snapshot.post_texts
select kind, item_id, language, title, summary, body, url
from shown_posts
order by kind, item_id, known_as <> item_id, language nulls last, known_as;

insert into snapshot.post_actions
select l.kind, l.item_id, l.action_no, a.action_id, l.matched_by
from post_links as l
inner join kept_actions as a on l.action_no = a.action_no
order by l.kind, l.item_id, a.action_id;

insert into merged_away
select m.staged_kind, m.sheet_no, m.source_row, a.action_id, 'told again further on: the last telling is kept'
from merged_posts as m
left join post_members as p on m.kind = p.kind and m.kept_as = p.known_as
left join first_actions as a on p.kind = a.kind and p.item_id = a.item_id;

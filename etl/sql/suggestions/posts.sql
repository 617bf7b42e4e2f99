-- To which actions may the events and stories belong that belong to none, and which may be one in two languages?
-- Actions: the words of the title stand in the text, or the stakeholder's name does, or a row names a stakeholder of
-- several actions. A name or title is looked for only where its rarest word stands, and that in few texts. Versions: of
-- two languages, told within three days, that share what a translation keeps: numbers, addresses, pictures, names,
-- the action.
-- Grain: one row an item and action (three an item at most), then one row a pair of items.
-- Parameters: actions, how many a stakeholder may have; suggestions, how many there may be.
create table item_titles as
select 'event' as kind, id, title from snapshot.events
union all
select 'story', id, title from snapshot.stories;

create table post_texts_read as
select
    kind,
    item_id,
    ' ' || fold(string_agg(concat_ws(' ', title, summary, body, tags), ' ' order by known_as)) || ' ' as words,
    any_value(title order by known_as <> item_id) as title
from post_members
group by kind, item_id;

create table unlinked_posts as
select t.kind, t.item_id, t.words, t.title
from post_texts_read as t
anti join post_links as l on t.kind = l.kind and t.item_id = l.item_id
anti join post_assignments as a on t.kind = a.kind and t.item_id = a.item_id and a.is_none;

create table unlinked_words as
select distinct kind, item_id, unnest(string_split(trim(words), ' ')) as word from unlinked_posts;

-- Words that identify a text: those in few of the texts.
create table telling_words as
select word, count(*) as texts
from unlinked_words
where length(word) > 2
group by word
having count(*) <= (select greatest(50, count(*) // 50) from unlinked_posts);

create table sought_titles as
with titled as (
    select a.action_no, fold(s.title) as title_key
    from kept_actions as a
    inner join staged_actions as s on a.row_no = s.row_no
),

spelled as (
    select
        action_no,
        title_key,
        list_filter(list_distinct(string_split(title_key, ' ')), lambda word: length(word) > 4) as long_words
    from titled
    where length(title_key) >= 12 and contains(title_key, ' ')
),

keyed as (
    select s.action_no, arg_min(t.word, (t.texts, t.word)) as rarest
    from (select action_no, unnest(long_words) as word from spelled) as s
    inner join telling_words as t on s.word = t.word
    group by s.action_no
)

select s.*, k.rarest
from spelled as s
inner join keyed as k on s.action_no = k.action_no;

create table sought_makers as
with named as (
    select y.stakeholder_key, y.base_key, count(distinct a.action_no) as actions
    from kept_actions as a
    inner join action_keys as y on a.row_no = y.row_no
    where length(y.base_key) >= 8
    group by all
    having count(distinct a.action_no) <= $actions
),

keyed as (
    select n.base_key, arg_min(t.word, (t.texts, t.word)) as rarest
    from (select distinct base_key, unnest(string_split(base_key, ' ')) as word from named) as n
    inner join telling_words as t on n.word = t.word
    group by n.base_key
)

select n.*, k.rarest
from named as n
inner join keyed as k on n.base_key = k.base_key;

create table post_candidates as
with in_title as (
    select
        p.kind,
        p.item_id,
        s.action_no,
        contains(p.words, ' ' || s.title_key || ' ') as is_whole,
        len(list_filter(s.long_words, lambda word: contains(p.words, ' ' || word || ' '))) as shared,
        len(s.long_words) as sought
    from unlinked_words as w
    inner join sought_titles as s on w.word = s.rarest
    inner join unlinked_posts as p on w.kind = p.kind and w.item_id = p.item_id
),

by_title as (
    select kind, item_id, action_no, is_whole, shared / sought as overlap
    from in_title
    where is_whole or (shared >= 3 and shared / sought >= 0.6)
),

by_name as (
    select p.kind, p.item_id, s.stakeholder_key, s.actions
    from unlinked_words as w
    inner join sought_makers as s on w.word = s.rarest
    inner join unlinked_posts as p on w.kind = p.kind and w.item_id = p.item_id
    where contains(p.words, ' ' || s.base_key || ' ')
),

of_name as (
    select n.kind, n.item_id, a.action_no, n.actions
    from by_name as n
    inner join action_keys as y on n.stakeholder_key = y.stakeholder_key
    inner join kept_actions as a on y.row_no = a.row_no
),

scored as (
    select
        kind,
        item_id,
        action_no,
        if(is_whole, 0.9, 0.35 + 0.4 * overlap) as score,
        if(is_whole, 'its text has the title of the action', 'its text has most words of the action''s title') as why
    from by_title
    union all
    select
        n.kind,
        n.item_id,
        n.action_no,
        case when t.action_no is not null then 0.95 when n.actions = 1 then 0.75 else 0.5 end,
        case
            when t.action_no is not null then 'its text names the stakeholder, and has words of the action''s title'
            when n.actions = 1 then 'its text names the stakeholder, whose only action it is'
            else 'its text names the stakeholder'
        end
    from of_name as n
    left join by_title as t on n.kind = t.kind and n.item_id = t.item_id and n.action_no = t.action_no
    union all
    select
        m.kind,
        m.item_id,
        m.action_no,
        if(t.action_no is not null, 0.95, 0.55),
        if(t.action_no is not null, 'the same stakeholder, and words of the action''s title', 'the same stakeholder')
    from post_makers as m
    inner join unlinked_posts as p on m.kind = p.kind and m.item_id = p.item_id
    left join by_title as t on m.kind = t.kind and m.item_id = t.item_id and m.action_no = t.action_no
    where m.actions <= $actions
)

select kind, item_id, action_no, max(score) as score, arg_max(why, (score, why)) as why
from scored
group by kind, item_id, action_no
qualify row_number() over (partition by kind, item_id order by max(score) desc, action_no) <= 3
order by max(score) desc
limit $suggestions;

insert into suggested_duplicates
select
    c.kind,
    c.item_id,
    i.title,
    a.action_id,
    concat_ws(': ', a.stakeholder, a.title),
    round(c.score, 2),
    c.why
from post_candidates as c
inner join item_titles as i on c.kind = i.kind and c.item_id = i.id
inner join snapshot.actions as a on c.action_no = a.action_no
order by c.kind, c.item_id, c.score desc, a.action_id;

-- Words on many pages of a site, such as its logo, show nothing.
create table telling_links as
with each as (
    select distinct kind, item_id, unnest(string_split(links, chr(10))) as link
    from post_members
    where links is not null
)

select kind, link from each group by kind, link having count(*) between 2 and 4;

create table post_traits as
with linked_to as (
    select kind, item_id, list(action_no order by action_no) as actions from post_links group by all
),

shown as (
    select m.kind, m.item_id, list(distinct t.link) as links
    from post_members as m
    inner join telling_links as t on m.kind = t.kind and list_contains(string_split(m.links, chr(10)), t.link)
    group by all
),

texts as (
    select
        m.kind,
        m.item_id,
        l.code as language,
        m.on_date,
        fold(regexp_extract(regexp_replace(m.address, '[?#].*$', ''), '([^/]+)/?$', 1)) as slug,
        list_distinct(regexp_extract_all(concat_ws(' ', m.title, m.summary, m.body), '\b\d{2,}\b'))[:40] as numbers,
        list_filter(
            list_distinct(string_split(m.title_key, ' ')), lambda word: length(word) > 3
        )[:30] as words
    from post_members as m
    left join cell_codes as l on l.field = 'language' and m.sheet_no = l.sheet_no and m.language = l.cell
    where m.known_as = m.item_id
)

select t.*, a.actions, coalesce(s.links, []) as links
from texts as t
left join linked_to as a on t.kind = a.kind and t.item_id = a.item_id
left join shown as s on t.kind = s.kind and t.item_id = s.item_id
where t.language is not null and t.on_date is not null;

create table post_languages as
select m.kind, m.item_id, list(distinct l.code) as languages
from post_members as m
inner join cell_codes as l on l.field = 'language' and m.sheet_no = l.sheet_no and m.language = l.cell
group by all;

create table near_pairs as
with days as (
    select kind, item_id, language, on_date + unnest(range(-3, 4))::integer as near from post_traits
)

select distinct d.kind, d.item_id as this, t.item_id as that
from days as d
inner join post_traits as t on d.kind = t.kind and d.near = t.on_date
where d.item_id < t.item_id and d.language <> t.language;

insert into suggested_duplicates
with pairs as (
    select
        n.kind,
        n.this,
        n.that,
        0.2 * (o.on_date = t.on_date)::integer
        + 0.35 * coalesce(o.slug = t.slug and length(o.slug) > 3, false)::integer
        + 0.3 * (len(list_intersect(o.links, t.links)) > 0)::integer
        + 0.25 * coalesce(
            len(list_intersect(o.numbers, t.numbers)) >= 2
            and len(list_intersect(o.numbers, t.numbers)) >= 0.6 * greatest(len(o.numbers), len(t.numbers)),
            false
        )::integer
        + 0.25 * coalesce(
            len(list_intersect(o.words, t.words)) / nullif(least(len(o.words), len(t.words)), 0) >= 0.4, false
        )::integer
        + 0.25 * coalesce(o.actions = t.actions, false)::integer as score
    from near_pairs as n
    inner join post_traits as o on n.kind = o.kind and n.this = o.item_id
    inner join post_traits as t on n.kind = t.kind and n.that = t.item_id
    inner join post_languages as ol on o.kind = ol.kind and o.item_id = ol.item_id
    inner join post_languages as tl on t.kind = tl.kind and t.item_id = tl.item_id
    where not list_has_any(ol.languages, tl.languages)
),

-- Pairs that staff told apart are no question again.
open as (
    select p.*
    from pairs as p
    anti join post_pairs as d on p.kind = d.kind and d.verb = 'different' and (p.this, p.that) in (
        (d.this, d.that), (d.that, d.this)
    )
    where p.score >= 0.45
    qualify row_number() over (partition by p.kind, p.this order by p.score desc, p.that) <= 3
    order by p.score desc, p.kind, p.this, p.that
    limit $suggestions
)

select
    p.kind || '_version',
    p.this,
    o.title,
    p.that,
    t.title,
    round(least(p.score, 0.99), 2),
    'may be the same in another language'
from open as p
inner join item_titles as o on p.kind = o.kind and p.this = o.id
inner join item_titles as t on p.kind = t.kind and p.that = t.id
order by p.score desc, p.this, p.that;

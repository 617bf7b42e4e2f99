-- Which actions does each event and story belong to?
-- Those that staff assigned (several, or none). Else by the ids that it names, by the row it belongs to in a repeat, by
-- an action's address in its text; without any of these, by its stakeholder, if that has one action. What comes by link
-- belongs to the action of its form alone, whatever else a text names.
-- Grain: one row an item and action, of any of its language versions.
create table post_assignments as
with asked as (
    select d.line, d.subject as kind, m.item_id, d.that
    from decided as d
    inner join decided_posts as p on d.line = p.line and p.side = 'this'
    inner join post_members as m on p.kind = m.kind and p.known_as = m.known_as
    where d.verb = 'assign'
),

meant as (
    select a.line, list(distinct r.action_no) as actions
    from asked as a
    inner join action_refs as r on a.that = r.ref
    where a.that <> ''
    group by a.line
)

select a.line, a.kind, a.item_id, a.that = '' as is_none, if(len(m.actions) = 1, m.actions[1], null) as action_no
from asked as a
left join meant as m on a.line = m.line;

update decided
set why_not = 'what stands under "that" is not in the files'
from post_assignments as a
where decided.line = a.line and not a.is_none and a.action_no is null;

create macro contains_separator(words) as regexp_matches(words, '[;,|\n\x1f]');

create table posts_by_link as
select m.kind, m.row_no
from post_members as m
inner join sheets as s on m.sheet_no = s.sheet_no
where s.recipe in ('stories_by_link', 'events_by_link');

-- The ids that a row names, whole and in pieces; a tag is an id only where it has letters and digits.
create table post_refs as
with named as (
    select
        kind,
        item_id,
        row_no,
        submission_id as ref,
        left(submission_id, length(submission_id) - length(submission_ref)) as prefix,
        string_split_regex(submission_ref, '\s*[;,|\n\x1f]\s*') as pieces
    from post_members
    where submission_id is not null
),

written as (
    select kind, item_id, row_no, 1 as rank, ref, 'id' as matched_by from named
    union all
    select kind, item_id, row_no, 2, prefix || unnest(pieces), 'id' from named where len(pieces) > 1
    union all
    select kind, item_id, row_no, 3, unnest(string_split_regex(tags, '\s*[;,|\n\x1f]\s*')), 'tag'
    from post_members
    where tags is not null
    union all
    select
        kind,
        item_id,
        row_no,
        3,
        url_decode(
            unnest(
                regexp_extract_all(
                    concat_ws(' ', url, links, summary, body),
                    '/actions/?[?](?:[^\s#"<>]*?&(?:amp;)?)?action=([^&#\s"<>)\]]+)',
                    1
                )
            )
        ),
        'address'
    from post_members as m
    anti join posts_by_link as b on m.kind = b.kind and m.row_no = b.row_no
)

select distinct kind, item_id, row_no, rank, trim(ref, ' .;,') as ref, matched_by
from written
where
    ref <> '' and (matched_by <> 'tag' or regexp_matches(ref, '^[^\s]*[A-Za-z][^\s]*\d|^[^\s]*\d[^\s]*[A-Za-z]'));

-- By link they name their action by the id that the register shows, which another action may have been given too.
create table post_found as
with shown as (
    select p.*, a.action_no
    from post_refs as p
    semi join posts_by_link as b on p.kind = b.kind and p.row_no = b.row_no
    inner join kept_actions as a on p.ref = a.action_id
    where p.matched_by = 'id'
),

exact as (
    select p.kind, p.item_id, p.row_no, p.rank, p.ref, p.matched_by, min(r.action_no) as action_no
    from post_refs as p
    inner join action_refs as r on p.ref = r.ref
    group by all
    having count(distinct r.action_no) = 1
),

loose as (
    select p.kind, p.item_id, p.row_no, p.rank, p.ref, p.matched_by, min(r.action_no) as action_no
    from post_refs as p
    inner join action_refs as r on loose_id(p.ref) = loose_id(r.ref)
    where p.matched_by = 'id' and (p.kind, p.row_no, p.ref) not in (select kind, row_no, ref from exact)
    group by all
    having count(distinct r.action_no) = 1
)

from exact
union
from shown
union all
from loose;

-- An id in pieces is valid where each piece is, one with separators in it where it is valid as a whole.
insert into unknown_refs
with known as (
    select kind, row_no, bool_or(rank = 1) as is_whole from post_found where matched_by = 'id' group by all
)

select distinct m.sheet_no, m.source_row, p.ref
from post_refs as p
inner join post_members as m on p.kind = m.kind and p.row_no = m.row_no
left join known as k on p.kind = k.kind and p.row_no = k.row_no
anti join post_found as f on p.kind = f.kind and p.row_no = f.row_no and p.ref = f.ref
where
    p.matched_by = 'id'
    and not coalesce(k.is_whole, false)
    and (p.rank <> 1 or not contains_separator(m.submission_ref));

create table post_makers as
with keyed as (
    select m.kind, m.item_id, coalesce(r.root, n.base_key) as stakeholder_key
    from post_members as m
    inner join stakeholder_names as n on m.stakeholder = n.spelling
    left join stakeholder_roots as r on n.base_key = r.key
    group by all
),

made as (
    select k.kind, k.item_id, a.action_no
    from keyed as k
    inner join action_keys as y on k.stakeholder_key = y.stakeholder_key
    inner join kept_actions as a on y.row_no = a.row_no
    union
    select k.kind, k.item_id, a.action_no
    from keyed as k
    inner join action_keys as y on k.stakeholder_key = y.base_key
    inner join kept_actions as a on y.row_no = a.row_no
)

select kind, item_id, action_no, count(*) over (partition by kind, item_id) as actions from made;

create table post_links as
with settled as (select distinct kind, item_id from post_assignments where is_none or action_no is not null),

known as (
    select kind, item_id, action_no, if(matched_by = 'tag', 'id', matched_by) as matched_by from post_found
    union all
    select p.kind, p.item_id, m.action_no, 'parent'
    from post_members as p
    inner join matched as m on p.staged_kind = m.kind and p.row_no = m.row_no
),

told as (
    from known
    union all
    select m.kind, m.item_id, m.action_no, 'stakeholder'
    from post_makers as m
    anti join known as k on m.kind = k.kind and m.item_id = k.item_id
    where m.actions = 1
)

select kind, item_id, action_no, 'decision' as matched_by from post_assignments where action_no is not null
union
select
    t.kind,
    t.item_id,
    t.action_no,
    arg_min(t.matched_by, list_position(['id', 'parent', 'address', 'stakeholder'], t.matched_by))
from told as t
anti join settled as s on t.kind = s.kind and t.item_id = s.item_id
group by t.kind, t.item_id, t.action_no;

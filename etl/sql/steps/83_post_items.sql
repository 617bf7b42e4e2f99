-- Which tellings are language versions of one event or story?
-- Those that share the tool's group of translations (each in another language), those that say whose translation they
-- are, and what staff decided; the first that was told stands for all.
-- Grain: one row a telling that counts, with the id of its item (`post_members`).
create table decided_posts as
with asked as (
    select line, verb, subject as kind, 'this' as side, this as words from decided where subject in ('event', 'story')
    union all
    select line, verb, subject, 'that', that
    from decided
    where subject in ('event', 'story') and verb in ('same', 'different')
)

select a.line, a.verb, a.kind, a.side, any_value(t.kept_as) as known_as
from asked as a
left join told_as as t on a.kind = t.kind and a.words = t.known_as
group by all;

update decided
set why_not = 'what stands under "' || p.side || '" is not in the files'
from (select line, max(side) as side from decided_posts where known_as is null group by line) as p
where decided.line = p.line;

create table post_pairs as
select t.line, t.verb, t.kind, t.known_as as this, o.known_as as that
from decided_posts as t
inner join decided_posts as o on t.line = o.line and o.side = 'that'
where t.side = 'this' and t.known_as is not null and o.known_as is not null;

create table post_edges as
with coded as (
    select p.kind, p.recipe_no, p.known_as, p.on_date, p.translation_group, l.code as language
    from kept_posts as p
    left join cell_codes as l on l.field = 'language' and p.sheet_no = l.sheet_no and p.language = l.cell
),

grouped as (
    select
        *,
        first_value(known_as) over (
            partition by kind, recipe_no, translation_group order by on_date nulls last, known_as
        ) as first_told
    from coded
    where translation_group is not null
    qualify row_number() over (
        partition by kind, recipe_no, translation_group, language order by on_date nulls last, known_as
    ) = 1
),

stated as (
    select kind, known_as as this, first_told as that from grouped
    union
    select p.kind, p.known_as, t.kept_as
    from kept_posts as p
    inner join told_as as t on p.kind = t.kind and p.translation_of = t.known_as
    union
    select kind, this, that from post_pairs where verb = 'same'
)

select s.kind, s.this, s.that
from stated as s
anti join post_pairs as d
    on s.kind = d.kind and d.verb = 'different' and (s.this, s.that) in ((d.this, d.that), (d.that, d.this))
where s.this <> s.that;

create table post_members as
with recursive both_ways as (
    select kind, this, that from post_edges
    union
    select kind, that, this from post_edges
),

reached as (
    select kind, known_as, known_as as root from kept_posts
    union
    select r.kind, b.that, r.root
    from reached as r
    inner join both_ways as b on r.kind = b.kind and r.known_as = b.this
),

rooted as (select kind, known_as, min(root) as root from reached group by kind, known_as)

select
    p.*,
    first_value(p.known_as) over (
        partition by p.kind, r.root order by p.translation_of is not null, p.on_date nulls last, p.known_as
    ) as item_id
from kept_posts as p
inner join rooted as r on p.kind = r.kind and p.known_as = r.known_as;

-- The decision of staff on the pair is done, or is about one and the same.
update decided
set why_not = 'both sides are one and the same in the files'
from post_pairs as p
inner join post_members as t on p.kind = t.kind and p.this = t.known_as
inner join post_members as o on p.kind = o.kind and p.that = o.known_as
where decided.line = p.line and p.verb = 'different' and t.item_id = o.item_id;

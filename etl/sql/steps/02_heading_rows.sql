-- Which rows are headings? A row with nothing but a title is kept and listed where nothing decides.
-- Parameters: kind, sheet_no; titles, makers, ids, as in `02_odd_rows`; wide: rows whose only cell is merged over the
-- width; lists: the codelists whose codes headings may name; fields, field_lists: those of the recipe's `[headings]`,
-- with their codelists (null: a text); own_fields, own_words: its value maps' words, folded.
-- Grain: one row a field of `[headings]` and spelling that it knows.
create or replace table heading_spellings as
with fields as (
    select
        unnest($fields::varchar[]) as field,
        unnest($field_lists::varchar[]) as list,
        generate_subscripts($fields::varchar[], 1) as level
),

own as (select unnest($own_fields::varchar[]) as field, unnest($own_words::varchar[]) as folded)

select f.level, s.folded from fields as f inner join spellings as s on f.list = s.list
union
select f.level, o.folded from fields as f inner join own as o on f.field = o.field;

-- Rows of one cell that are undecided yet. list: the codelist that knows its words; is_stated: `[headings]` takes them;
-- says_so: its words are those of a heading; is_before: it stands where a row begins, before the titles.
create or replace table single_rows as
with every as (
    select s.*, heading_words(s.first_folded) as bare
    from odd_shapes as s
    where s.filled = 1 and s.texts = 1 and s.source_row not in (select source_row from told_rows)
),

known as (
    select e.source_row, arg_min(m.list, (m.folded <> e.first_folded, array_position($lists, m.list))) as list
    from every as e
    inner join spellings as m
        on (e.first_folded = m.folded or e.bare = m.folded) and list_contains($lists, m.list)
    group by e.source_row
),

following as (
    select source_row, lead(source_row) over (order by source_row) as next_row from raw_rows
),

last_row as (select max(source_row) as source_row from plain_rows)

select
    e.*,
    k.list,
    list_contains(list_transform($field_lists::varchar[], lambda list: list is null), true)
    or e.first_folded in (select folded from heading_spellings)
    or e.bare in (select folded from heading_spellings) as is_stated,
    k.list is not null or is_section(e.first_folded) or ends_with(e.first_words, ':') as says_so,
    list_contains($wide, e.source_row) as is_wide,
    e.source_row > l.source_row as is_below,
    list_contains($titles, e.first_column) as is_title,
    list_contains($ids, e.first_column) as is_id,
    coalesce(e.first_column < $titles[1], true) as is_before,
    list_contains($makers, e.first_column) as is_maker,
    f.next_row
from every as e
cross join last_row as l
inner join following as f on e.source_row = f.source_row
left join known as k on e.source_row = k.source_row;

-- Headings. A cell alone where a row begins, and no title, id or stakeholder, can be nothing else. Nor can a word alone
-- among the ids, where ids have digits or the other rows have titles. A stakeholder alone is one where there are
-- several, or the row below names none. A title alone is one where its words or its width show it, where it stands in
-- capitals unlike any title, or where the sheet is built that way: it begins with such a row, and each of them has
-- others right below it.
insert into told_rows
with counted as (
    select min(r.source_row) as first_row, count(p.source_row) as plain
    from raw_rows as r
    left join plain_rows as p on r.source_row = p.source_row
),

single as (
    select
        count(*) as every,
        count(*) filter (s.is_title and not s.is_below) as titles,
        bool_and(p.source_row is not null) filter (s.is_title and not s.is_below) as have_rows,
        min(s.source_row) filter (s.is_title) as first_row,
        count(*) filter (s.is_maker and not s.is_below) as makers
    from single_rows as s
    left join plain_rows as p on s.next_row = p.source_row
),

others as (
    select
        s.titles > 1 and s.have_rows and s.first_row = c.first_row as is_built,
        s.every <= 1.5 * c.plain as are_few,
        s.makers > 1 as have_makers,
        c.first_row
    from single as s
    cross join counted as c
),

first_rows as (
    select r.cells
    from listed_rows as r
    inner join plain_rows as p on r.source_row = p.source_row
    order by r.source_row
    limit 1000
),

rows_named as (
    select coalesce(avg(if(list_count(list_select(cells, $titles)) > 0, 1, 0)) >= 0.5, false) as have_titles
    from first_rows
),

title_words as (select unnest(list_select(cells, $titles)) as words from first_rows),

titles as (
    select coalesce(count(*) filter (words = upper(words)) <= 0.1 * count(*), false) as have_small_letters
    from title_words
    where words is not null
),

id_words as (select unnest(list_select(cells, $ids)) as words from first_rows),

ids as (
    select coalesce(bool_and(regexp_matches(words, '\d')), true) as have_digits from id_words where words is not null
)

select
    s.source_row,
    case s.list
        when 'places' then 'it is a heading that names a place'
        when 'themes' then 'it is a heading that names a theme'
        when 'categories' then 'it is a heading that names a category'
        when 'stakeholder_groups' then 'it is a heading that names a stakeholder group'
        when 'statuses' then 'it is a heading that names a status'
        else 'it is a heading'
    end,
    null,
    case when s.list is not null then s.first_words end
from single_rows as s
cross join others as o
cross join titles as t
cross join ids as i
cross join rows_named as n
left join listed_rows as b on s.next_row = b.source_row
where
    not s.is_below
    and length(s.first_words) <= 150
    and case
        when s.is_wide or s.is_stated then true
        when s.is_id
            then s.says_so or ((i.have_digits or n.have_titles) and not regexp_matches(s.first_words, '\d'))
        when not o.are_few then false
        when s.is_title
            then s.says_so
            or o.is_built
            or (
                t.have_small_letters
                and s.first_words = upper(s.first_words)
                and regexp_matches(s.first_words, '\p{L}{3}')
            )
        when s.says_so then true
        when s.is_maker
            then s.is_before
            and (
                o.have_makers or s.source_row = o.first_row or list_count(list_select(b.cells, $makers)) = 0
            )
        else s.is_before
    end;

insert into doubtful_rows
with counted as (
    select count(s.source_row) <= 1.5 * count(p.source_row) as are_few
    from plain_rows as p
    full join single_rows as s on p.source_row = s.source_row
)

select $sheet_no, s.source_row, s.first_words
from single_rows as s
cross join counted as c
where s.is_title and $kind = 'actions' and c.are_few and s.source_row not in (select source_row from told_rows);

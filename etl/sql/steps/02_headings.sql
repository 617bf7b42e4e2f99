-- Which field's value are the headings of a sheet, and for which rows?
-- A heading is the value of the first field that knows its words; else of the first field of texts, which takes any
-- words; else of the first field, where it is listed as a value that matches no code. It holds for the rows below, up
-- to the next heading of its field or of one that the recipe names before it (the outer ones first).
-- `raw_rows` stands for the sheet's raw table.
-- Parameters: fields, field_lists: those of the recipe's `[headings]`, with their codelists (null: a text).
-- Grain: one row a heading.
create or replace table told_headings as
with headings as (
    select t.source_row, s.first_words as words, s.first_folded as folded, heading_words(s.first_folded) as bare
    from told_rows as t
    inner join odd_shapes as s on t.source_row = s.source_row
    where
        starts_with(t.reason, 'it is a heading')
        or (
            t.reason = 'its numbers are the sums of those below it'
            and (
                s.first_folded in (select folded from heading_spellings)
                or heading_words(s.first_folded) in (select folded from heading_spellings)
            )
        )
),

known as (
    select h.source_row, min(k.level) as level, arg_min(k.folded = h.folded, k.level) as is_whole
    from headings as h
    inner join heading_spellings as k on h.folded = k.folded or h.bare = k.folded
    group by h.source_row
)

select
    h.source_row,
    coalesce(k.level, array_position(list_transform($field_lists::varchar[], lambda list: list is null), true), 1)
        as level,
    case when k.is_whole = false then h.bare else h.words end as words,
    h.words as written
from headings as h
left join known as k on h.source_row = k.source_row;

update told_rows
set reason = 'it is a heading: the rows below have its value', field = $fields[h.level], value = h.written
from told_headings as h
where told_rows.source_row = h.source_row;

-- Grain: one row a row below a heading and the field that it has the value of.
create or replace table heading_values as
with levels as (
    select unnest($fields::varchar[]) as field, generate_subscripts($fields::varchar[], 1) as level
),

lines as (
    select
        r.source_row,
        l.field,
        max(h.source_row) filter (h.level = l.level) over above as own_row,
        coalesce(max(h.source_row) filter (h.level < l.level) over above, 0) as outer_row
    from raw_rows as r
    cross join levels as l
    left join told_headings as h on r.source_row = h.source_row
    window above as (partition by l.field order by r.source_row)
)

select l.source_row, l.field, h.words
from lines as l
inner join told_headings as h on l.own_row = h.source_row
where l.own_row > l.outer_row;

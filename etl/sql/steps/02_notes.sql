-- Which rows are notes and legends?
-- Parameters: titles, ids, as in `02_odd_rows`; wide: rows whose only cell is merged over the width.
-- Notes marked as such, alone in their row.
insert into told_rows
select source_row, 'it is a note or a legend', null, null
from odd_shapes
where
    source_row not in (select source_row from told_rows)
    and (
        (filled = 1 and (note_words(first_words) or is_bare_note(first_folded)))
        or (filled = 2 and is_bare_note(first_folded) and not (has_title and has_maker))
    );

-- Grain: one row a row that belongs to the sheet.
create or replace table plain_rows as
select source_row from named_rows where source_row not in (select source_row from told_rows);

-- The lines below the last row: notes and legends, in one cell, or in two below such a line.
insert into told_rows
with last_row as (select max(source_row) as source_row from plain_rows),

numbered as (
    select r.source_row, row_number() over (order by r.source_row) as place
    from raw_rows as r
    cross join last_row as l
    where r.source_row > l.source_row
),

below as (
    select
        s.source_row,
        s.filled,
        s.has_title,
        s.has_maker,
        s.first_words,
        list_contains($titles, s.first_column) as is_title,
        list_contains($ids, s.first_column) and regexp_matches(s.first_words, '\d') as is_id,
        list_contains($wide, s.source_row) as is_wide,
        coalesce(s.first_column < $titles[1], true) as is_before,
        s.source_row - l.source_row > n.place as is_apart,  -- a blank row stands between
        coalesce(
            s.source_row > (
                select min(t.source_row)
                from told_rows as t
                where t.reason = 'it is a note or a legend' and t.source_row > l.source_row
            ),
            false
        ) as is_after_note
    from odd_shapes as s
    cross join last_row as l
    inner join numbered as n on s.source_row = n.source_row
    where s.texts > 0 and s.source_row not in (select source_row from told_rows)
)

select source_row, 'it is a note or a legend', null, null
from below
where
    (filled = 1 and (is_wide or (not (is_title or is_id) and (is_before or is_apart or is_after_note))))
    or (
        filled = 1
        and is_title
        and (is_apart or is_after_note)
        and (length(first_words) > 60 or ends_with(first_words, '.') or regexp_matches(first_words, '[:=]'))
    )
    or (filled = 2 and is_after_note and not (has_title and has_maker));

-- Which rows repeat the headers, number the columns, or are a title of the table?
-- Parameters: above: what stands above the headers, folded; lists: the codelists whose codes headings may name; fields:
-- those that the recipe's headings are values of.
-- Headers again, and a line that numbers the columns. (A choice's own column holds its header where it was taken: a
-- header must also stand in a column that names the row.)
insert into told_rows
select
    source_row,
    if(has_header, 'it repeats the headers', 'it numbers the columns') as reason,
    null as field,
    null as value
from odd_shapes
where
    (has_header and like_headers >= 2 and like_headers >= 0.75 * filled)
    or (has_header and has_header_for_title and like_headers >= 3 and like_headers >= 0.5 * filled)
    or (
        filled >= 3
        and all_folded in (
            array_to_string(range(1, 1 + filled), ' '),
            array_to_string(list_transform(range(filled), lambda n: chr((97 + n)::integer)), ' ')
        )
    );

-- The headers again, but in other columns: the cells below them do not belong to the first ones.
-- Grain: one row a header row.
insert into moved_headers
select $sheet_no, s.source_row, min_by(c.words, c.column_no), min(c.column_no), any_value(s.last_row)
from (select *, (select max(source_row) from raw_rows) as last_row from odd_shapes) as s
inner join told_rows as t on s.source_row = t.source_row and t.reason = 'it repeats the headers'
inner join odd_cells as c on s.source_row = c.source_row and c.is_known and not c.is_at_home
where s.moved_headers > 0
group by s.source_row;

-- The title of the table again, or that of a second table in front of its headers: no total, and no heading, which may
-- stand there as well.
insert into told_rows
with following as (
    select source_row, lead(source_row) over (order by source_row) as next_row from raw_rows
),

known as (select folded from spellings where list_contains($lists, list))

select s.source_row, 'it is a title of the table', null, null
from odd_shapes as s
inner join following as f on s.source_row = f.source_row
left join told_rows as t on f.next_row = t.source_row and t.reason = 'it repeats the headers'
where
    s.filled = 1
    and s.source_row not in (select source_row from told_rows)
    and not s.is_total
    and (
        (s.first_folded <> '' and list_contains($above, s.first_folded))
        or (
            t.source_row is not null
            and len($fields::varchar[]) = 0
            and s.first_folded not in (select folded from known)
            and heading_words(s.first_folded) not in (select folded from known)
        )
    );

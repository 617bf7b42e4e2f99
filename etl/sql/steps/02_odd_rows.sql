-- How do the rows of a sheet look that may not belong to it? Those with few filled cells of fields, or with the
-- beginning of a total or of the headers (`odd_rows`). A row with a title and its maker, or anything else, belongs to
-- the sheet, however odd it looks. `raw_rows` stands for the sheet's raw table; columns count from 1.
-- Parameters: sheet_no; headers, folded; known: these and the recipe's other spellings of them; known_at: with the
-- column in which each stands here; names: those of what names a row; titles, makers, ids: the columns of what names a
-- row, of whose it is, of what joins it.
create or replace view listed_rows as
select source_row, list_value(*columns('^c\d+$')) as cells from raw_rows;

-- Grain: one row a filled cell of an odd row.
create or replace table odd_cells as
with placed as (
    select *, list_contains($known_at::varchar[], folded || '@' || column_no) as is_at_home
    from odd_texts
    where sheet_no = $sheet_no
)

select
    source_row,
    column_no,
    words,
    folded,
    $headers[column_no] as header,
    is_at_home,
    is_at_home
    or (list_contains($known::varchar[], folded) and lower(words) not in ('yes', 'no', 'y', 'n', 'oui', 'non', 'sí'))
        as is_known,
    number,
    is_total,
    is_test,
    is_help
from placed;

-- Grain: one row an odd row. first_*: its first cell that is no number.
create or replace table odd_shapes as
select
    source_row,
    count(*) as filled,
    count(*) filter (number is null) as texts,
    count(*) filter (number is not null) as numbers,
    greatest(
        count(*) filter (folded <> '' and folded = header), count(distinct folded) filter (is_known)
    ) as like_headers,
    count(*) filter (is_known and not is_at_home) as moved_headers,
    bool_or(is_known and list_contains($names::varchar[], folded)) as has_header,
    coalesce(bool_and(is_known) filter (list_contains($titles, column_no)), true) as has_header_for_title,
    coalesce(bool_or(number is null and list_contains($titles, column_no)), false) as has_title,
    bool_or(list_contains($makers, column_no)) as has_maker,
    bool_or(list_contains($ids, column_no)) as has_id,
    arg_min(column_no, column_no) filter (number is null) as first_column,
    arg_min(words, column_no) filter (number is null) as first_words,
    arg_min(folded, column_no) filter (number is null) as first_folded,
    arg_min(is_total, column_no) filter (number is null) as is_total,
    arg_min(is_help, column_no) filter (number is null) as is_help,
    max(length(words)) filter (number is null) as longest,
    array_to_string(list(folded order by column_no), ' ') as all_folded
from odd_cells
group by source_row;

-- The reason why a row does not count, as soon as a step finds it. Grain: one row a row.
create or replace table told_rows (source_row bigint, reason varchar, field varchar, value varchar);

-- The rows that belong to the sheet: those that are not odd, and the odd ones with a name and further content. Grain:
-- one row a row, judged or not.
create or replace view named_rows as
select source_row from raw_rows where source_row not in (select source_row from odd_shapes)
union all
select source_row from odd_shapes where (has_title or has_id) and filled > 1;

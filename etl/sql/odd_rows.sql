-- The questions about rows that may not belong to their sheet.

-- query: asked_steps
-- Which steps may find odd rows of a sheet that do not count or are out of place: those of headers, of misplaced rows
-- (where the last row is odd), of totals, of notes and headings, of prepared rows, of test rows, of lines of help?
-- Parameters: above: the texts above the headers, folded.
-- Grain: one row.
select
    bool_or(
        has_header
        or (filled >= 3 and regexp_full_match(all_folded, '(1 2 3|a b c)( .*)?'))
        or (filled = 1 and list_contains($above, first_folded))
    ),
    max(source_row) = (select max(source_row) from listed_rows),
    bool_or(is_total or (numbers > 0 and texts <= 1)),
    bool_or(texts > 0 and (filled <= 2 or (texts = 1 and numbers > 0))),
    bool_or(has_id and not has_title and not has_maker),
    (select bool_or(is_test) from odd_cells),
    bool_or(filled >= 3 and is_help)
from odd_shapes;

-- query: header_cells
-- Which folded texts does a row that repeats the headers hold, and in which column?
-- Parameters: source_row.
-- Grain: one row a cell.
select folded, column_no
from odd_cells
where source_row = $source_row
order by column_no;

-- query: lone_values
-- Which columns of codes, and of answers to closed questions, hold each of their values once, and are mostly blank?
-- Cells that a recipe leaves blank although they are merged are remarked on, not asked about.
-- Parameters: rows: how many rows of a sheet `open_values` holds at most.
-- Grain: one row a column.
select u.sheet_no, u.column_no, u.target
from open_values as v
inner join column_uses as u on v.sheet_no = u.sheet_no and v.column_no = u.column_no
inner join sheets as s on v.sheet_no = s.sheet_no
where
    u.use = 'field'
    and u.target in ('status', 'category', 'stakeholder_group', 'countries', 'regions', 'themes', 'language')
    and (u.sheet_no, u.column_no) not in (select (sheet_no, column_no) from merged_cells)
group by u.sheet_no, u.column_no, u.target
having
    max(v.row_count) = 1
    and count(*) * 3 <= least(any_value(s.rows_read), $rows)
    and (count(*) > 2 or (count(*) = 2 and (any_value(s.rows_read) <= 20 or u.target = 'status')))
union all
select q.sheet_no, any_value(q.first_column) + 1, q.question
from answer_texts as a
inner join questions_asked as q on a.sheet_no = q.sheet_no and a.question = q.question
inner join sheets as s on a.sheet_no = s.sheet_no
where
    q.is_named
    and not q.is_split
    and (q.sheet_no, q.first_column + 1) not in (select (sheet_no, column_no) from merged_cells)
group by q.sheet_no, q.question
having
    max(a.row_count) = 1
    and count(*) * 3 <= any_value(s.rows_read)
    and (count(*) > 1 or any_value(s.rows_read) > 20)
order by all;

-- query: may_have_headings
-- Which row of one cell may be a heading, or an action's title? Below the last row only a title may. A heading may
-- also have the sums of its part beside it.
-- Parameters: titles.
-- Grain: one row, where there is any.
select s.source_row
from odd_shapes as s
where
    s.texts = 1
    and (
        s.source_row in (select source_row from told_rows where reason = 'its numbers are the sums of those below it')
        or (
            s.filled = 1
            and s.source_row not in (select source_row from told_rows)
            and (s.source_row < (select max(source_row) from plain_rows) or list_contains($titles, s.first_column))
        )
    )
order by s.source_row
limit 1;

-- query: misplaced
-- Which rows of a sheet have got out of place?
-- Parameters: sheet_no.
-- Grain: one row a place.
select what, min(first_row), max(last_row), max(column_no)
from misplaced_rows
where sheet_no = $sheet_no
group by what
order by what;

-- query: moved_tables
-- Where do the headers of a sheet stand again in other columns, and which is the last row below each?
-- Parameters: sheet_no.
-- Grain: one row a header row.
select source_row, lead(source_row, 1, last_row + 1) over (order by source_row) - 1
from moved_headers
where sheet_no = $sheet_no and source_row < last_row
order by source_row;

-- query: understood_headings
-- Which names of a codelist do the headings of a sheet hold?
-- Parameters: sheet_no, lists.
-- Grain: one row a list, with the fields' usual names and some of the words.
with headings as (
    select r.value, fold(r.value) as folded, heading_words(fold(r.value)) as bare
    from rejections as r
    where r.sheet_no = $sheet_no and starts_with(r.reason, 'it is a heading that') and r.value is not null
),

understood as (
    select h.value, s.list, arg_min(s.codelist, s.folded <> h.folded) as codelist
    from headings as h
    inner join spellings as s on (h.folded = s.folded or h.bare = s.folded) and list_contains($lists, s.list)
    group by h.value, s.list
)

select
    case list
        when 'places' then if(bool_and(codelist = 'countries'), 'countries', 'regions')
        when 'categories' then 'category'
        when 'stakeholder_groups' then 'stakeholder_group'
        when 'statuses' then 'status'
        else list
    end as field,
    count(*) as headings,
    list(value order by value)[:3] as examples
from understood
group by list
having count(*) > 1
order by headings desc, field;

-- query: words
-- Does a row that may be none hold one of these words, or a part of one?
-- Parameters: words.
-- Grain: one row a part.
with parts as (select distinct unnest(string_split(folded, ' ')) as part from odd_texts),

words as (select unnest($words::varchar[]) as word),

changed as (select distinct unnest(string_split(fold(word), ' ')) as part from words)

select p.part
from parts as p
semi join changed as c on p.part = c.part
where p.part <> '';

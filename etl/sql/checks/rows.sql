-- What is asked about rows that may be none of what their sheet holds?

-- query: headers_moved
-- severity: question
-- Where do the headers stand again in other columns, with rows below that cannot be read by the first ones?
-- Grain: one row a sheet.
-- Nothing without: moved_headers.
select
    sheet_no,
    'moved' as variant,
    map { 'row': min(source_row)::varchar, 'last': max(last_row)::varchar } as facts,
    list(show_row(source_row, '') order by source_row)[:3] as evidence,
    [candidate('below', []), candidate('right', [])] as candidates
from moved_headers
where source_row < last_row
group by sheet_no;

-- query: headings
-- severity: question
-- Do headings among the rows, which name something that a codelist knows, hold for the rows below?
-- They are left out unless staff or the recipe say that they do; where a column says the same of the rows, it counts.
-- Grain: one row a sheet and field.
-- Nothing without: rejections where starts_with(reason, 'it is a heading that names').
with named as (
    select
        sheet_no,
        source_row,
        value,
        case reason
            when 'it is a heading that names a place' then 'regions'
            when 'it is a heading that names a theme' then 'themes'
            when 'it is a heading that names a category' then 'category'
            when 'it is a heading that names a stakeholder group' then 'stakeholder_group'
            when 'it is a heading that names a status' then 'status'
        end as field
    from rejections
    where starts_with(reason, 'it is a heading that names') and value is not null
),

-- What may be of two lists is of the one that more headings of the sheet are of.
meant as (
    select
        n.*,
        case s.list
            when 'places' then 'regions'
            when 'themes' then 'themes'
            when 'categories' then 'category'
            when 'stakeholder_groups' then 'stakeholder_group'
            when 'statuses' then 'status'
        end as may_be
    from named as n
    inner join spellings as s on fold(n.value) = s.folded or heading_words(fold(n.value)) = s.folded
),

counted as (
    select sheet_no, may_be, count(distinct source_row) as n from meant where may_be is not null group by all
),

chosen as (
    select
        n.sheet_no,
        n.source_row,
        any_value(n.value) as value,
        coalesce(max_by(c.may_be, (c.n, c.may_be = n.field)), any_value(n.field)) as field
    from named as n
    left join meant as m on n.sheet_no = m.sheet_no and n.source_row = m.source_row
    left join counted as c on m.sheet_no = c.sheet_no and m.may_be = c.may_be
    group by n.sheet_no, n.source_row
),

filled as (
    select distinct c.sheet_no, if(c.target in ('countries', 'subregions'), 'regions', c.target) as field
    from column_uses as c
    inner join sheets as s on c.sheet_no = s.sheet_no
    where c.use = 'field' and 2 * c.filled > s.rows_read
)

select
    n.sheet_no,
    n.field,
    'headings' as variant,
    if(count(f.field) > 0, 'nothing', null) as answer,
    if(count(f.field) > 0, 'other_columns', null) as decided_by,
    map { 'n': count(*)::varchar } as facts,
    list(show_row(n.source_row, n.value) order by n.source_row)[:3] as evidence,
    [candidate('below', []), candidate('nothing', [])] as candidates
from chosen as n
inner join sheets as s on n.sheet_no = s.sheet_no
inner join kind_fields as k on s.kind = k.kind and n.field = k.field
left join filled as f on n.sheet_no = f.sheet_no and n.field = f.field
group by n.sheet_no, n.field;

-- query: prepared_rows
-- severity: question
-- Which rows have an id and nothing else, as if they were prepared for later?
-- Grain: one row a sheet.
-- Nothing without: asked_rows.
select * from ask_of_rows('prepared_rows', [candidate('none', []), candidate('count', [])]);

-- query: rows_coloured
-- severity: question
-- In which registers may the colours of rows say how far actions have come, since no column does?
-- Grain: one row a sheet.
-- Nothing without: coloured_sheets.
select
    sheet_no,
    'rows' as variant,
    map { 'n': colours::varchar } as facts,
    []::struct(number bigint, words varchar)[] as evidence,
    [candidate('nothing', [])] as candidates
from coloured_sheets;

-- query: rows_misplaced
-- severity: question
-- Which rows stand under headers that are not theirs?
-- Grain: one row a sheet.
-- Nothing without: misplaced_rows.
with places as (
    select
        sheet_no,
        max(what) as what,
        min(first_row) as first_row,
        max(last_row) as last_row,
        max(column_no) as column_no
    from misplaced_rows
    group by sheet_no
)

select
    p.sheet_no,
    u.shown as header,
    p.what as variant,
    map { 'row': p.first_row::varchar, 'last': p.last_row::varchar } as facts,
    [show_row(p.first_row, '')] as evidence,
    if(p.what = 'column', [candidate('up', []), candidate('right', [])], [candidate('right', [])]) as candidates
from places as p
left join column_uses as u on p.sheet_no = u.sheet_no and p.column_no = u.column_no;

-- query: struck_rows
-- severity: question
-- Which rows are struck through?
-- Grain: one row a sheet.
-- Nothing without: asked_rows.
select * from ask_of_rows('struck_rows', [candidate('none', []), candidate('count', [])]);

-- query: test_rows
-- severity: question
-- Which rows seem to try the file, or to show how it is filled in?
-- Grain: one row a sheet.
-- Nothing without: asked_rows.
select * from ask_of_rows('test_rows', [candidate('none', []), candidate('count', [])]);

-- query: title_alone
-- severity: warning
-- Which rows have nothing but a title, so that they may be a heading or a note as well as an action?
-- Grain: one row a row of actions that was kept.
-- Nothing without: doubtful_rows.
select
    s.source_file,
    s.sheet,
    d.source_row,
    'title' as field,
    d.words as value
from doubtful_rows as d
inner join sheets as s on d.sheet_no = s.sheet_no;

-- What are the settled meanings of words, and in how many rows was each read so?
-- Grain: one row a line of spellings.csv.
-- Nothing without: staff_words.
insert into snapshot.settled_words
with found as (
    select distinct r.line, c.kind, c.row_no
    from resolved as r
    inner join row_cells as c on r.sheet_no = c.sheet_no and r.field = c.field and r.cell = c.cell
    where r.line is not null
),

counted as (select line, count(*) as row_count from found group by line)

select
    w.line,
    any_value(w.codelist),
    any_value(w.word),
    coalesce(list(w.code order by w.code) filter (where w.code <> 'unclassified'), []),
    any_value(w.based_on),
    any_value(w.recipe),
    any_value(i.source_file),
    any_value(w.note),
    coalesce(any_value(f.row_count), 0)
from staff_words as w
left join counted as f on w.line = f.line
left join files as i on w.file_name = i.file_name
where w.file_name is null or i.file_name is not null
group by w.line
order by w.line;

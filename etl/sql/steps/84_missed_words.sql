-- Which values matched no code (or were no date, number or percentage), in which file, in how many rows?
-- Parameters: question (a pattern).
-- Grain: one row a file, field and value.

-- Where do words stand that matched no code? Of a field that takes one code only the first known word of a cell counts.
-- Grain: one row a row and word.
-- Nothing without: resolved where code is null and field <> 'stakeholder'.
create table missed_words as
with missed as (
    select
        sheet_no,
        field,
        cell,
        piece,
        case
            when field = 'status' and regexp_matches(piece, $question) then trim(piece)
            else coalesce(nullif(fold(piece), ''), trim(piece))
        end as word_key,
        field in ('themes', 'countries', 'regions')
        or piece_no < min(piece_no) filter (where code <> 'unclassified') over cells is not false as is_used
    from resolved
    where field <> 'stakeholder'
    window cells as (partition by sheet_no, field, cell)
    qualify code is null
)

select c.kind, c.row_no, c.sheet_no, c.source_row, m.field, m.piece, m.word_key, m.is_used
from missed as m
inner join row_cells as c on m.sheet_no = c.sheet_no and m.field = c.field and m.cell = c.cell;

create table missed_values as
with unread_values as (
    select sheet_no, field, value from unread_cells
    union all
    select sheet_no, 'percent', percent_written
    from report_rows
    where percent_written is not null and coalesce(percent not between 0 and 100, true)
    union all
    select sheet_no, name, words from result_numbers where number is null and not is_open
)

select f.source_file, f.recipe, m.field, m.piece as value, m.word_key, count(*) as row_count
from missed_words as m
inner join sheets as f on m.sheet_no = f.sheet_no
group by all
union all
select f.source_file, f.recipe, u.field, u.value, null, count(*)
from unread_values as u
inner join sheets as f on u.sheet_no = f.sheet_no
where u.value is not null
group by all;

-- Nothing without: staged_classification where accept is not null.
insert into missed_values
select f.source_file, f.recipe, 'accept', c.accept, null, count(*)
from staged_classification as c
inner join sheets as f on c.sheet_no = f.sheet_no
where not is_yes(c.accept) and not is_no(c.accept)
group by all;

-- The words to look up a code for: of very many those that most rows have.
-- Grain: one row a field and value.
-- Nothing without: missed_values.
create table asked_words as
select field, value
from missed_values
where word_key is not null
group by all
order by sum(row_count) desc, field, value
limit 2000;

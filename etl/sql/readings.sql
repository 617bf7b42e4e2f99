-- The questions about cells that may be read in two ways.

-- query: alike_reports
-- Which sheets hold reports that are alike, have no id and name no known action?
-- Grain: one row a sheet.
select distinct sheet_no
from (
    select sheet_no
    from report_rows
    where kind = 'progress_reports' and action_no is null and answers is not null
    group by sheet_no, answers, subject, coalesce(round_no, 0)
    having count(*) > 1
) as alike
order by sheet_no;

-- query: days_in_titles
-- Which day ends the names of sheets and of headers?
-- Parameters: titles.
-- Grain: one row a title; null where none does.
select title, day_in_title(title) as on_day
from (select unnest($titles::varchar[]) as title) as titles;

-- query: open_answers
-- Which open columns of a sheet hold the answers to a question that it has no column for?
-- The recipe's words for its choices show them, and the answers of other sheets to that question. Words such as yes and
-- no show nothing, since they answer any question.
-- Parameters: sheet_no; columns (from 1); questions, and words: pairs of a question and one of its words.
-- Grain: one row a column and question, the best understood first.
with known as (
    select question, fold(word) as folded
    from (select unnest($questions::varchar[]) as question, unnest($words::varchar[]) as word) as stated
    union
    select question, fold(unnest(string_split(written, chr(31))))
    from answer_texts
    where list_contains($questions::varchar[], question)
),

texts as (
    select
        column_no,
        value,
        row_count,
        list_filter(list_distinct(string_split_regex(value, '[;|,\n]')), lambda piece: trim(piece) <> '') as pieces
    from open_values
    where sheet_no = $sheet_no and list_contains($columns::integer[], column_no) and length(value) <= 300
),

pieces as (
    select column_no, value, row_count, len(pieces) as piece_count, fold(unnest(pieces)) as folded
    from texts
),

understood as (
    select t.column_no, k.question, t.value, t.row_count
    from texts as t
    inner join known as k on fold(t.value) = k.folded
    union
    select p.column_no, k.question, p.value, p.row_count
    from pieces as p
    inner join known as k on p.folded = k.folded
    group by p.column_no, k.question, p.value, p.row_count
    having count(*) >= any_value(p.piece_count)
),

filled as (
    select column_no, sum(row_count) as row_count
    from open_values
    where sheet_no = $sheet_no
    group by column_no
)

select u.column_no, u.question
from understood as u
inner join filled as f on u.column_no = f.column_no
group by u.column_no, u.question
having
    sum(u.row_count) >= 0.5 * any_value(f.row_count)
    and count(*) > 1
    and not bool_and(fold(u.value) in (
        'yes', 'no', 'oui', 'non', 'si', 'true', 'false', 'y', 'n', '1', '0', 'vrai', 'faux', 'verdadero', 'falso'
    ))
order by sum(u.row_count) / any_value(f.row_count) desc, u.column_no, u.question;

-- query: undecided_numbers
-- Which sheets may show the decimal mark of numbers that do not show it themselves: those of the same exports.
-- Grain: one row a sheet.
with mute as (
    select sheet_no
    from number_cells
    group by sheet_no, field
    having bool_or(mark = 'either') and count(*) filter (mark in (',', '.') and not is_cell_number) = 0
)

select s.sheet_no
from sheets as s
inner join files as f on s.source_file = f.source_file
where s.recipe is not null and f.container in (
    select i.container
    from mute as m
    inner join sheets as t on m.sheet_no = t.sheet_no
    inner join files as i on t.source_file = i.source_file
)
order by s.sheet_no;

-- query: untold_days
-- Which sheets hold reports, or numbers reached, that have no day of their own?
-- Grain: one row a sheet, and a round of it, with its file, its name and the header of the statuses.
select distinct r.sheet_no, r.round_no, s.file_name, s.sheet_name, c.header
from (
    select sheet_no, round_no from report_rows where is_day_untold and action_no is not null
    union all
    select sheet_no, null from untold_results
) as r
inner join sheets as s on r.sheet_no = s.sheet_no
left join status_columns as c on r.sheet_no = c.sheet_no and r.round_no is not distinct from c.round_no
order by r.sheet_no, r.round_no;

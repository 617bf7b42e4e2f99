-- Which open columns of a sheet hold the answers to a question that it has no column for?
-- They are known by the recipe's words for its choices, and by what other sheets hold under that question. Words such
-- as yes and no tell nothing, since they answer any question.
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
order by sum(u.row_count) / any_value(f.row_count) desc, u.column_no, u.question

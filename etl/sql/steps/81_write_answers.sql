-- The answers to closed questions, one a choice.
-- Grain: one row a report, question and choice.
-- Nothing without: staged_answers.
insert into snapshot.survey_answers
select r.report_no, p.action_id, r.wave, a.question, u.answer
from staged_answers as a
inner join kept_reports as r on r.kind = 'progress_reports' and a.row_no = r.row_no
inner join snapshot.progress_reports as p on r.report_no = p.report_no
cross join unnest(string_split(a.answers, chr(31))) as u (answer)
order by all;

-- In which language is each sheet's header? By the recipe or the words, else by most of its rows, else by the campaign.
-- Grain: one row a sheet.
-- Nothing without: header_languages.
create table sheet_languages as
with counted as (
    select s.sheet_no, c.code, count(*) as row_count
    from staged_progress_reports as s
    semi join header_languages as h on s.sheet_no = h.sheet_no and h.language is null
    inner join cell_codes as c on c.field = 'language' and s.sheet_no = c.sheet_no and s.language = c.cell
    group by s.sheet_no, c.code
),

mostly as (
    select sheet_no, arg_max(code, (row_count, code)) as language
    from counted
    group by sheet_no
)

select h.sheet_no, coalesce(h.language, m.language, $default_language) as language
from header_languages as h
left join mostly as m on h.sheet_no = m.sheet_no;

-- The names of questions: the recipe's words first, then the header of most answers.
-- Grain: one row a question.
-- Nothing without: question_separators.
insert into snapshot.survey_questions
with answered as (
    select sheet_no, question, sum(row_count) as row_count
    from answer_texts
    group by sheet_no, question
),

words as (
    select question, language, words, 1 as is_told, 0 as row_count
    from told_texts
    where code is null
    union all
    select a.question, l.language, a.words, 0, sum(coalesce(n.row_count, 0))
    from questions_asked as a
    inner join sheet_languages as l on a.sheet_no = l.sheet_no
    left join answered as n on a.sheet_no = n.sheet_no and a.question = n.question
    where a.words is not null
    group by a.question, l.language, a.words
),

texts as (
    select
        question,
        map_from_entries(list((language, words) order by language)) as texts
    from (
        select question, language, arg_max(words, (is_told, row_count, words)) as words
        from words
        group by question, language
    ) as w
    group by question
),

several as (
    select question
    from staged_answers
    group by question
    having bool_or(contains(answers, chr(31)))
),

places as (
    select question, min((recipe, first_column, question)) as place, bool_or(is_split) as is_split
    from questions_asked
    group by question
)

select
    s.question,
    t.texts,
    p.is_split or s.separator is not null or v.question is not null,
    row_number() over (order by p.place)
from question_separators as s
inner join places as p on s.question = p.question
left join texts as t on s.question = t.question
left join several as v on s.question = v.question
order by p.place;

-- The names of choices: the recipe's labels first, then the header of the choice's column, then the word of most cells.
-- Choices keep the order of the recipe or of their columns; ratings that of their numbers, others are the more frequent
-- first. Grain: one row a question and choice.
-- Nothing without: question_separators.
insert into snapshot.survey_choices
with counted as (
    select t.sheet_no, p.question, p.code, p.piece, sum(t.row_count) as row_count
    from answer_pieces as p
    inner join answer_texts as t on p.question = t.question and p.written = t.written
    group by all
),

words as (
    select question, code, language, words, 2 as rank, 0 as row_count
    from told_texts
    where code is not null
    union all
    select c.question, c.code, l.language, c.label, 1, 0
    from choices_asked as c
    inner join sheet_languages as l on c.sheet_no = l.sheet_no
    where c.label is not null
    union all
    select c.question, c.code, l.language, c.piece, 0, sum(c.row_count)
    from counted as c
    inner join sheet_languages as l on c.sheet_no = l.sheet_no
    where c.piece <> c.code and not regexp_full_match(c.piece, '[a-z0-9]+(_[a-z0-9]+)*')
    group by c.question, c.code, l.language, c.piece
),

labels as (
    select
        question,
        code,
        map_from_entries(list((language, words) order by language)) as labels
    from (
        select question, code, language, arg_max(words, (rank, row_count, words)) as words
        from words
        group by question, code, language
    ) as w
    group by question, code
),

answered as (
    select question, code, sum(row_count) as row_count
    from counted
    group by question, code
),

named as (
    select
        question,
        code,
        min((if(is_named, 0, 1), place_no)) as place
    from choices_asked
    group by question, code
),

choices as (
    select
        coalesce(a.question, n.question) as question,
        coalesce(a.code, n.code) as code,
        n.place,
        a.row_count
    from answered as a
    full join named as n on a.question = n.question and a.code = n.code
)

select
    c.question,
    c.code,
    l.labels,
    row_number() over (
        partition by c.question
        order by
            c.place is null, c.place, try_cast(c.code as integer) is null, try_cast(c.code as integer),
            c.row_count desc, c.code
    )
from choices as c
semi join question_separators as s on c.question = s.question
left join labels as l on c.question = l.question and c.code = l.code
order by all;

-- Which of the questions that no recipe names are closed, and which sign separates several choices in their cells?
--
-- Decided over the distinct answers of all sheets that ask the question, so that neither the order of rows nor that of
-- files matters. A question is closed when its answers are
--   few        at most 25 different ones (40 where a cell holds several),
--   short      none longer than 120 characters, on average at most 60,
--   repeated   three in five answers were given more than once, or all are words such as yes and no,
-- and are no contacts, addresses of files, dates, clock times, ids or measured numbers: a number counts as a choice
-- only where all are whole and between 0 and 10 (a rating) and the question does not ask how many or how much.
-- A question with a column a choice is closed by its form.
--
-- A separator splits cells only where some cell holds it and the pieces are closed in this sense; besides, a comma or
-- a blank must not make more pieces than there are cells, a comma must not be followed by a small letter where the
-- cells begin with capitals ("Yes, partly"), and a blank splits only the names of choices, which have no blanks.
-- Grain: one row a question.
-- Nothing without: questions_asked.
create table question_separators as
with questions as (
    select
        question,
        bool_or(is_named or is_split) as is_closed,
        bool_and(has_names) as has_names,
        any_value(fold(coalesce(header, words, question))) as asks
    from questions_asked
    group by question
),

texts as (
    select a.question, a.written, sum(a.row_count) as row_count
    from answer_texts as a
    inner join questions as q on a.question = q.question
    where not q.is_closed
    group by a.question, a.written
),

-- Texts of such length are no choices, one or several: not worth cutting up.
bounded as (
    select question
    from texts
    group by question
    having max(length(written)) <= 2000 and avg(length(written)) <= 400
),

listed as (
    select question, unnest(separators) as separator, generate_subscripts(separators, 1) as place
    from questions_asked
),

wanted as (
    select question, '' as separator, 99 as place
    from bounded
    union all
    select l.question, l.separator, min(l.place)
    from listed as l
    inner join bounded as b on l.question = b.question
    inner join questions as q on l.question = q.question
    where l.separator <> ' ' or q.has_names
    group by l.question, l.separator
),

cut as (
    select
        w.question,
        w.separator,
        w.place,
        t.written,
        t.row_count,
        trim(unnest(if(w.separator = '', [t.written], string_split(t.written, w.separator)))) as piece
    from wanted as w
    inner join texts as t on w.question = t.question
),

said as (
    select
        question,
        separator,
        place,
        choice_code(read_id(piece)) as code,
        max(length(piece)) as longest,
        sum(row_count) as row_count,
        bool_or(written <> piece) as is_part,
        bool_and(regexp_matches(piece, '^\p{Ll}')) as is_small,
        bool_and(regexp_matches(piece, '^\p{L}')) as is_word,
        bool_and(regexp_full_match(piece, '[\w.-]+')) as is_name,
        bool_and(is_whole_number(piece)) as is_whole,
        bool_and(read_number(piece) is not null) as is_number,
        max(read_number(piece)) as largest,
        bool_and(regexp_matches(
            lower(strip_accents(piece)),
            '^(\d{4}[./-]\d{1,2}[./-]\d|\d{1,2}[./-]\d{1,2}[./-]\d\d|\d{1,2}:\d\d'
            || '|\d{1,2}(st|nd|rd|th|er)?[ .-]+(of |de |d.)?[a-z]{3,}[ .,-]+(del? )?\d{4})'
        )) as is_time,
        bool_or(
            contains(piece, '[…]')
            or contains(piece, '://')
            or regexp_matches(lower(piece), '\.(jpe?g|png|gif|heic|pdf|docx?|xlsx?|mp[34]|m4a|wav|zip)$')
            or regexp_full_match(piece, '[\w:-]*\d[\w:-]*') and length(piece) >= 16
        ) as is_no_choice
    from cut
    where piece <> ''
    group by question, separator, place, code
),

judged as (
    select
        s.question,
        s.separator,
        s.place,
        count(*) as pieces,
        bool_or(s.is_part) as is_cut,
        max(s.longest) <= 120
        and avg(s.longest) <= 60
        and count(*) <= if(s.separator = '', 25, 40)
        and (
            sum(if(s.row_count > 1, s.row_count, 0)) >= 0.6 * sum(s.row_count)
            or bool_and(list_contains(
                [
                    'yes', 'no', 'oui', 'non', 'si', 'true', 'false', 'y', 'n', 'u', 'maybe', 'partly', 'not_sure',
                    'n_a', 'don_t_know', 'do_not_know', 'ne_sait_pas', 'no_sabe', 'vrai', 'faux', 'verdadero', 'falso'
                ],
                s.code
            ))
        )
        and not bool_or(s.is_no_choice)
        and not bool_and(s.is_time)
        and (
            not bool_and(s.is_number)
            or (
                bool_and(s.is_whole)
                and max(s.largest) <= 10
                and not regexp_matches(
                    any_value(q.asks),
                    '\b(how many|how much|number of|percent|age|years|amount|combien|nombre d|ans|annees'
                    || '|pourcentage|montant|cuant[oa]s?|numero de|edad|anos|porcentaje|monto)\b'
                )
            )
        ) as is_closed,
        bool_and(s.is_word) and (bool_and(s.is_small) or not bool_or(s.is_small)) as looks_alike,
        bool_and(s.is_name) as has_names
    from said as s
    inner join questions as q on s.question = q.question
    group by s.question, s.separator, s.place
),

splitting as (
    select
        j.question,
        arg_min(j.separator, (j.place, j.separator)) as separator
    from judged as j
    inner join judged as w on j.question = w.question and w.separator = ''
    where
        j.separator <> ''
        and j.is_closed
        and j.is_cut
        and case
            when j.separator = ' ' then j.has_names and j.pieces <= w.pieces
            when contains(j.separator, ',') then j.looks_alike and j.pieces <= w.pieces
            else true
        end
    group by j.question
)

select q.question, null as separator
from questions as q
where q.is_closed
union all
select j.question, nullif(coalesce(s.separator, ''), '')
from judged as j
left join splitting as s on j.question = s.question
where j.separator = '' and (j.is_closed or s.separator is not null);

-- Which codes does each distinct answer to a closed question mean? The recipe's spellings are looked up first, for the
-- cell as a whole and then piece by piece; any other piece is its own code.
-- Grain: one row a question, answer and piece.
-- Nothing without: question_separators.
create table answer_pieces as
with texts as (
    select t.question, t.written, t.pieces, s.separator
    from (select distinct question, written, pieces from answer_texts) as t
    inner join question_separators as s on t.question = s.question
),

spelled as (
    select question, fold(spelling) as folded, min(code) as code
    from choice_spellings
    group by question, folded
),

whole as (
    select t.question, t.written, t.written as piece, p.code
    from texts as t
    inner join spelled as p on t.question = p.question and fold(t.written) = p.folded
    where not contains(t.written, chr(31))
),

parts as (
    select
        t.question,
        t.written,
        trim(unnest(string_split(
            if(t.separator is null, coalesce(t.pieces, t.written), replace(t.written, t.separator, chr(31))), chr(31)
        ))) as piece
    from texts as t
    anti join whole as w on t.question = w.question and t.written = w.written
)

select question, written, piece, code
from whole
union all
select p.question, p.written, p.piece, coalesce(s.code, choice_code(read_id(p.piece)))
from parts as p
left join spelled as s on p.question = s.question and fold(p.piece) = s.folded
where p.piece <> '';

-- Nothing without: answer_pieces.
create table answer_codes as
select question, written, list_aggregate(list_sort(list_distinct(list(code))), 'string_agg', chr(31)) as codes
from answer_pieces
group by question, written;

-- Which code is a word that matches none meant to be? Only a typing error tells: the word is a spelling's, of as many
-- words, written wrongly. A question, digits and percents are none, nor is what is near the spellings of two codes.
--   * Names (places, languages) differ in one letter, from seven letters on in two: one that is left out, added or
--     another, or two letters that changed places. They have four letters and more.
--   * Other words have six and more, differ in one letter, and end alike: endings turn them (completing, terminará;
--     employees are no employers). In the ending two letters may have changed places, or one may be missing.
--   * Both begin alike, since prefixes turn them (undone, inachevé). The word is in no other spelling of the list, and
--     none that is right by itself (`look_alikes`: attente is no atteinte).
--   * Where completion is meant the ending is without error (cumplía is no cumplida, termiando may be terminando), no
--     letter is foreign to the word (acabnado may be acabando), and two letters begin alike.
-- Parameters: question, look_alikes (patterns).
-- Grain: one row a field and value that has a suggestion.
-- Nothing without: asked_words.
create or replace table suggested_codes as
with asked as (
    select
        a.field,
        a.value,
        l.list,
        fold(a.value) as folded
    from asked_words as a
    inner join cell_lists as l on a.field = l.field
    where
        not regexp_matches(a.value, '[\p{N}%\x{2030}\x{066A}\x{FF05}]')
        and not (a.field = 'status' and regexp_matches(a.value, $question))
),

spelled as (
    select
        s.list,
        s.folded,
        s.code,
        string_split(s.folded, ' ') as words,
        coalesce(c.base_status = 'completed', false) as is_completion
    from spellings as s
    left join codelist_codes as c on s.codelist = c.codelist and s.code = c.code
),

words_of_lists as (
    select distinct list, unnest(words) as word
    from spelled
),

near as (
    select
        a.field,
        a.value,
        a.list,
        s.code,
        s.folded as spelling,
        s.is_completion,
        unnest(list_zip(string_split(a.folded, ' '), s.words)) as pair
    from asked as a
    inner join spelled as s on
        a.list = s.list
        and left(a.folded, 1) = left(s.folded, 1)
        and abs(length(a.folded) - length(s.folded)) <= 2
        and length(string_split(a.folded, ' ')) = length(s.words)
    where damerau_levenshtein(a.folded, s.folded) <= 2
),

pairs as (
    select
        n.*,
        pair[1] as word,
        pair[2] as meant,
        least(length(pair[1]), length(pair[2])) as letters,
        list_sort(string_split(pair[1], '')) as letters_written,
        list_sort(string_split(pair[2], '')) as letters_meant,
        damerau_levenshtein(pair[1], pair[2]) as differing,
        list in ('places', 'languages') as is_name
    from near as n
    where pair[1] <> pair[2]
),

judged as (
    select
        p.field,
        p.value,
        p.code,
        bool_and(
            left(p.word, 1) = left(p.meant, 1)
            and not (p.is_completion and left(p.word, 2) <> left(p.meant, 2))
            and not (p.is_completion and not list_has_all(p.letters_meant, p.letters_written))
            and not suffix(p.word, p.meant)
            and w.word is null
            and not regexp_matches(p.meant, '\d')
            and p.letters >= if(p.is_name, 4, 6)
            and p.differing <= if(p.is_name and p.letters >= 7, 2, 1)
            and not regexp_full_match(p.word, $look_alikes)
            and (
                p.is_name
                or right(p.word, 3) = right(p.meant, 3)
                or not p.is_completion
                and right(p.word, 1) = right(p.meant, 1)
                and (length(p.word) < length(p.meant) or p.letters_written = p.letters_meant)
            )
        )
        and sum(p.differing) <= if(bool_or(p.is_name) and sum(p.letters) >= 7, 2, 1) as is_typing_error
    from pairs as p
    left join words_of_lists as w on p.list = w.list and p.word = w.word
    group by p.field, p.value, p.code, p.spelling
)

select field, value, any_value(code) as code
from judged
group by field, value
having count(distinct code) = 1 and bool_or(is_typing_error) and any_value(code) <> 'unclassified';

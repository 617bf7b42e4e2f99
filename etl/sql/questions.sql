-- The questions of the sheets and the written answers, before it is known which questions are closed.
-- Grain: of `questions_asked` one row a sheet and question; of `choices_asked` one a choice that a header or recipe
-- names; of `answer_texts` one a distinct cell (or choices' columns taken together, with chr(31) between).

create table questions_asked (
    sheet_no integer, recipe varchar, question varchar, header varchar, words varchar, first_column integer,
    is_named boolean, is_split boolean, has_names boolean, separators varchar[], is_public boolean
);

create table choices_asked (
    sheet_no integer, question varchar, place_no integer, code varchar, label varchar, is_named boolean
);

-- The words for a choice in a cell: its code, its labels.
create table choice_spellings (question varchar, spelling varchar, code varchar);

-- The recipes' own words, by language; `code` is null for the question itself.
create table told_texts (question varchar, code varchar, language varchar, words varchar);

-- The language of a sheet's headers: by the recipe, else by its headers' words.
create table header_languages (sheet_no integer, recipe_no integer, language varchar);

-- `pieces`: the same, cut at the recipe's separators.
create table answer_texts (sheet_no integer, question varchar, written varchar, pieces varchar, row_count bigint);

create table staged_answers (row_no bigint, question varchar, answers varchar);

-- A choice's code: its text in small letters with `_`; signs that tell choices apart become words.
create macro signs_in_words(words) as replace(
    replace(
        replace(
            replace(
                replace(
                    replace(
                        replace(words, '<=', ' at most '), '≤', ' at most '
                    ), '>=', ' at least '
                ), '≥', ' at least '
            ), '<', ' under '
        ), '>', ' over '
    ), '+', ' plus '
);
create macro choice_code(words) as coalesce(
    nullif(replace(fold(signs_in_words(words)), ' ', '_'), ''), trim(words)
);

create macro is_whole_number(words) as regexp_full_match(words, '\d{1,9}(\.0+)?');

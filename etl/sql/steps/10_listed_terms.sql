-- Which words and phrases suggest a stakeholder group, a category, a theme or a place? Those of the codelists (labels,
-- other spellings) and of keywords.csv. Builds with the same ones begin with it (`etl/pipeline/listed_words.py`).
-- Grain: one row a list, phrase and code.
create or replace table listed_terms as
with written as (
    select codelist, code, unnest(map_values(labels)) as spelling, true as is_of_codelist
    from codelist_codes
    union all
    select codelist, code, spelling, true from codelist_aliases
    union all
    select codelist, code, keyword, false
    from keywords
    where not starts_with(keyword, '-')
),

folded as materialized (
    select
        codelist,
        if(codelist in ('countries', 'subregions', 'regions'), 'places', codelist) as list,
        code,
        fold_text(spelling) as phrase,
        not is_of_codelist and ends_with(spelling, '*') as is_stem,
        is_of_codelist
    from written
    where
        codelist in ('stakeholder_groups', 'categories', 'themes', 'countries', 'subregions', 'regions')
        and code not in ('unclassified', 'other')
),

excluded as (
    select distinct
        if(codelist in ('countries', 'subregions', 'regions'), 'places', codelist) as list,
        fold(ltrim(keyword, '-')) as phrase
    from keywords
    where starts_with(keyword, '-')
),

-- A codelist's spellings of up to three letters are words of their own in some language (us, the, car).
-- A word may speak for several kinds of action or subjects; a name that two places share speaks for neither.
meant as (
    select distinct list, codelist, code, phrase, is_stem
    from folded
    where phrase <> '' and (not is_of_codelist or length(phrase) > 3)
),

shared as (
    select phrase from meant where list = 'places' group by phrase having count(distinct code) > 1
),

kept as (
    select m.list, m.codelist, m.code, m.phrase, m.is_stem
    from meant as m
    anti join excluded as e on m.list = e.list and m.phrase = e.phrase
    where m.list <> 'places' or m.phrase not in (select phrase from shared)
    union all
    select list, null, null, phrase, false from excluded
)

select
    (row_number() over (order by list, phrase, is_stem, code))::integer as term_no,
    list,
    codelist,
    code,
    phrase,
    is_stem,
    len(string_split(phrase, ' ')) as words,
    string_split(phrase, ' ')[-1] as last_word,
    string_split(phrase, ' ')[-2] as word_before
from kept;

-- Which words do the names of places have, without their endings? They suggest nothing: places are codes.
-- Grain: one word.
create or replace table place_words as
with names as (
    select fold(array_to_string(map_values(labels), ' ')) as words
    from codelist_codes
    where codelist in ('countries', 'subregions', 'regions')
),

named as (
    select distinct unnest(string_split(words, ' ')) as word from names
)

select distinct without_ending(word) as word from named;

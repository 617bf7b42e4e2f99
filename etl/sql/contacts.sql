-- Which texts may hold an e-mail address or a phone number? The few that may are judged by `etl.texts.contacts`.

-- A sign or a word for "at", or seven digits that stand close together; no cell that is only a date, a moment or a
-- bare number, for those are every cell of many columns.
create macro may_hold_contact(words) as length(words) > 4
and regexp_matches(
    words,
    '@|＠|﹫|%40|&#(64|x40);|&commat;'
    || '|[0-9٠-٩۰-۹０-９]([^0-9A-Za-z]{0,4}[0-9٠-٩۰-۹０-９]){6}'
    || '|[\[({<]\s*(?i:at|arroba|arobase)\s*[\])}>]'
    || '|[\s\p{Z}](AT|(?i:arroba|arobase|at[\s\p{Z}].*[\s\p{Z}]dot))[\s\p{Z}]'
)
and not regexp_full_match(
    words,
    '(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})'
    || '([T ,]+\d{1,2}:\d\d(:\d\d([.,]\d+)?)?\s?([AaPp]\.?[Mm]\.?|Z|[+-]\d\d:?\d\d)?)?'
    || '|-?[1-9]\d{0,8}([.,]\d+)?|-?0?[.,]\d+'
);

-- What was judged and holds one: the text as it is written, and without it.
create table contact_texts (written varchar, cleaned varchar);

-- The cells of columns of countries, as they are written.
create table country_cells (words varchar);

-- The words of a column for which a code is looked for, in the place of those of a build (`84_missed_words.sql`).
-- Parameters: field, words.
-- Grain: one row a word.
create or replace table asked_words as
select $field::varchar as field, unnest($words::varchar[]) as value;

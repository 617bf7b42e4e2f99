-- Which paragraph do staff add to the letters of a batch?
-- Grain: one row a language.
-- Parameters: batch_id, lang, words.
insert into own_words (batch_id, lang, words) values ($batch_id, $lang, $words)

-- Which paragraph did staff add to the letters of a batch?
-- Grain: one row a language.
-- Parameters: batch_id.
select
    lang,
    words
from own_words
where batch_id = $batch_id

-- What are the folded forms of these texts?
-- Grain: one row a text.
-- Parameters: texts.
select
    words,
    fold(words) as folded
from unnest($texts::varchar[]) as t (words)

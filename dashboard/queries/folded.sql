-- How do these texts look when they are compared?
-- Grain: one row a text.
-- Parameters: texts.
select
    words,
    fold(words) as folded
from unnest($texts::varchar[]) as t (words)

-- How do these words look when they are compared?
-- Grain: one row.
-- Parameters: words.
select fold($words) as words

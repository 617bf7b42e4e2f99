-- Which pairs may be one and wait for a decision? A preview compares them with those of the published build.
-- Grain: one row a suggested pair, the most alike first.
-- Parameters: most.
select
    kind,
    left_id,
    left_name,
    right_id,
    right_name,
    score
from suggested_duplicates
order by score desc, kind, left_id, right_id
limit $most

-- How many actions have both in their texts, if every text is read?
-- Grain: one row.
-- Parameters: one, other.
select count(*) as actions
from actions
where contains(search_text, $one) and contains(search_text, $other)

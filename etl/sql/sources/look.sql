-- How many answers does an export hold, and which value of the key is the last one: of numbers the largest, of others
-- the last in the order of the alphabet?
-- Grain: one row.
-- Parameters: none.
select
    count(distinct answer) as answers,
    coalesce(max(try_cast(answer as bigint))::varchar, max(answer)) as last_value
from arrived_rows
where place > 0

-- Which actions have this title, whatever its accents, case and signs?
-- Grain: one row an action, the first three in the register's order.
-- Parameters: title.
select
    action_id,
    title,
    language
from actions
where fold(title) = fold($title) and fold($title) <> ''
order by action_no
limit 3

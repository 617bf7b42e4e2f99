-- On which days did letters ask about each action?
-- Grain: one row an action and day.
-- Parameters: is_sample.
select distinct
    l.asked_on,
    a.action_id
from asked_actions as a
inner join letters as l on a.letter_id = l.letter_id
where l.taken_back_at is null and l.is_sample = $is_sample
order by l.asked_on, a.action_id

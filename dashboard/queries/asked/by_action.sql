-- How often did letters ask about each action, and when last?
-- Grain: one row an action in any letter.
-- Parameters: is_sample.
select
    a.action_id,
    count(*) as times,
    max(l.asked_on) as last_on
from asked_actions as a
inner join letters as l on a.letter_id = l.letter_id
where l.taken_back_at is null and l.is_sample = $is_sample
group by a.action_id

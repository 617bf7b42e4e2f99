-- Which actions are in letters, sent or planned, on a day near another one?
-- Grain: one row an action; the nearest of its days.
-- Parameters: is_sample, day, days (fewer than so many between).
select
    a.action_id,
    l.asked_on,
    min(abs(julianday(l.asked_on) - julianday($day))) as days_between
from asked_actions as a
inner join letters as l on a.letter_id = l.letter_id
where
    l.taken_back_at is null and l.is_sample = $is_sample
    and abs(julianday(l.asked_on) - julianday($day)) < $days
group by a.action_id

-- Which letters does a batch have, and about which actions do they ask?
-- Grain: one row an action of a letter, in the order in which they were noted; those that were taken back too.
-- Parameters: batch_id.
select
    l.letter_id,
    l.lang,
    l.taken_back_at,
    a.action_id
from letters as l
inner join asked_actions as a on l.letter_id = a.letter_id
where l.batch_id = $batch_id
order by l.letter_id, a.rowid

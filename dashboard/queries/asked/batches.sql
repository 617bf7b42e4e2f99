-- Which letters went out together, the latest first?
-- Grain: one row a batch.
-- Parameters: is_sample, batch_id (null: all).
select
    l.batch_id,
    l.asked_on,
    l.wave,
    l.channel,
    count(distinct l.letter_id) as letters,
    count(distinct case when l.taken_back_at is not null then l.letter_id end) as taken_back,
    count(distinct a.action_id) as actions
from letters as l
inner join asked_actions as a on l.letter_id = a.letter_id
where l.is_sample = $is_sample and ($batch_id is null or l.batch_id = $batch_id)
group by l.batch_id, l.asked_on, l.wave, l.channel
order by l.asked_on desc, min(l.noted_at) desc

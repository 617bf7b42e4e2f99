-- How many mails are in each state, by batch?
-- Grain: one row a kind, batch and state.
-- Parameters: kind, batch_id (null for all).
select
    kind,
    batch_id,
    state,
    count(*) as mails,
    min(put_at) as first_put_at
from deliveries
where ($kind is null or kind = $kind) and ($batch_id is null or batch_id = $batch_id)
group by kind, batch_id, state
order by first_put_at, batch_id, state

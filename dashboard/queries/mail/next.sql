-- Which mail is sent next? The oldest that waits and whose time has come.
-- Grain: one row or none.
-- Parameters: kind, batch_id (null for all), now.
select
    delivery_no,
    kind,
    batch_id,
    recipient,
    message,
    attempts
from deliveries
where
    state = 'waiting'
    and next_at <= $now
    and ($kind is null or kind = $kind)
    and ($batch_id is null or batch_id = $batch_id)
order by delivery_no
limit 1

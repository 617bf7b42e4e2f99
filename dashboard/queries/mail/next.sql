-- Which mail is sent next? The oldest that waits and whose time has come, urgent ones first.
-- Grain: one row or none.
-- Parameters: kind, batch_id (null for all), urgent (a kind that goes in any case), now.
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
    and (
        kind = $urgent
        or (($kind is null or kind = $kind) and ($batch_id is null or batch_id = $batch_id))
    )
order by kind = $urgent desc, delivery_no
limit 1

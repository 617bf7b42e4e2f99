-- How many mails wait whose time has come?
-- Grain: one row.
-- Parameters: kind, batch_id (null for all), urgent (a kind that goes in any case), now.
select count(*) as mails
from deliveries
where
    state = 'waiting'
    and next_at <= $now
    and (
        kind = $urgent
        or (($kind is null or kind = $kind) and ($batch_id is null or batch_id = $batch_id))
    )

-- Which mails are held back, go on, are given up, or were left half sent? Those in one state take another together.
-- Grain: one row a delivery.
-- Parameters: kind, batch_id (null for all), before, after, now.
update deliveries
set
    state = $after,
    changed_at = $now,
    message = case when $after = 'left' then null else message end
where
    state = $before
    and ($kind is null or kind = $kind)
    and ($batch_id is null or batch_id = $batch_id)

-- Which mails of a batch are held back, go on, or are given up? Those that stand in one state take another.
-- Grain: one row a delivery.
-- Parameters: kind, batch_id, before, after, now.
update deliveries
set
    state = $after,
    changed_at = $now,
    message = case when $after = 'left' then null else message end
where kind = $kind and batch_id = $batch_id and state = $before

-- What becomes of a mail that staff decide about? It is sent (again), or left.
-- Grain: one row a delivery.
-- Parameters: delivery_no, state, now.
update deliveries
set
    state = $state,
    next_at = $now,
    changed_at = $now,
    message = case when $state = 'left' then null else message end
where
    delivery_no = $delivery_no
    and state in ('uncertain', 'failed', 'bounced')
    and ($state = 'left' or (message is not null and recipient is not null))

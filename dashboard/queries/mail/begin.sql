-- Is this mail still waiting? Then it is being sent, and this is written down before anything is.
-- Grain: one row a delivery.
-- Parameters: delivery_no, now.
update deliveries
set
    state = 'sending',
    attempts = attempts + 1,
    changed_at = $now
where delivery_no = $delivery_no and state = 'waiting'

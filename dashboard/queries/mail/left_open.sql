-- Which mails did a sender that is gone leave half sent? Nobody knows whether they have arrived.
-- Grain: one row a delivery.
-- Parameters: now.
update deliveries
set
    state = 'uncertain',
    changed_at = $now
where state = 'sending'

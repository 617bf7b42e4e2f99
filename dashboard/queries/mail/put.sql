-- Which mail is added for delivery? One with a key that is there already stays as it is.
-- Grain: one row a delivery.
-- Parameters: kind, batch_id, key, recipient, message, message_id, state, now.
insert or ignore into deliveries (
    kind, batch_id, key, recipient, message, message_id, state, put_at, next_at, changed_at
) values ($kind, $batch_id, $key, $recipient, $message, $message_id, $state, $now, $now, $now)

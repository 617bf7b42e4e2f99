-- Does this link sign in, now and never again?
-- Grain: one row or none.
-- Parameters: ticket_hash, now (seconds since 1970).
delete from tickets where ticket_hash = $ticket_hash and ends_at > $now

-- Which link signs in once?
-- Grain: one row.
-- Parameters: ticket_hash, ends_at (seconds since 1970).
insert into tickets (ticket_hash, ends_at) values ($ticket_hash, $ends_at)

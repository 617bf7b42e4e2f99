-- Which expired links are dropped?
-- Grain: one row a link.
-- Parameters: now (seconds since 1970).
delete from tickets where ends_at <= $now

-- Which links sign in no longer?
-- Grain: one row a link.
-- Parameters: now (seconds since 1970).
delete from tickets where ends_at <= $now

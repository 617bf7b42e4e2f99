-- Which sessions have ended by themselves?
-- Grain: one row a session.
-- Parameters: now, idle_since (seconds since 1970).
delete from sessions where ends_at <= $now or seen_at <= $idle_since

-- Which entries are noted to become public later than now, because the clock was wrong then? They are public now.
-- Grain: one row an entry.
-- Parameters: published_at, the moment of the build that is being published.
update noted
set known_at = $published_at::timestamptz
where known_at > $published_at::timestamptz

-- When was a session last used?
-- Grain: one row or none.
-- Parameters: session_hash, now.
update sessions set seen_at = $now
where session_hash = $session_hash and seen_at < $now

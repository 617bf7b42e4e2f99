-- Which session is it, if it has not ended?
-- Grain: one row or none.
-- Parameters: session_hash, now, idle_since (seconds since 1970; seen before it, it has ended).
select
    session_hash,
    way,
    vouched,
    secret,
    began_at,
    seen_at,
    ends_at
from sessions
where session_hash = $session_hash and ends_at > $now and seen_at > $idle_since

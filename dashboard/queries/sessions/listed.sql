-- Who is signed in now?
-- Grain: one row a session, the one seen last first.
-- Parameters: now, idle_since (seconds since 1970).
select
    session_hash,
    way,
    vouched,
    secret,
    began_at,
    seen_at,
    ends_at
from sessions
where ends_at > $now and seen_at > $idle_since
order by seen_at desc, session_hash

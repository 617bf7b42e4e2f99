-- Who has signed in?
-- Grain: one row a session.
-- Parameters: session_hash, way, vouched (JSON), secret, now, ends_at (seconds since 1970).
insert into sessions (session_hash, way, vouched, secret, began_at, seen_at, ends_at)
values ($session_hash, $way, $vouched, $secret, $now, $now, $ends_at)

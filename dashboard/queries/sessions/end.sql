-- Which session ends?
-- Grain: one row or none.
-- Parameters: session_hash.
delete from sessions where session_hash = $session_hash

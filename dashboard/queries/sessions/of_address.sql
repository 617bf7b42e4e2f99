-- Which sessions are those of a person who is to be erased?
-- Grain: one row a session.
-- Parameters: address, in small letters.
select session_hash
from sessions
where lower(json_extract(vouched, '$.address')) = :address

-- Which sessions belong to a person before erasure?
-- Grain: one row a session.
-- Parameters: address, in small letters.
select session_hash
from sessions
where lower(json_extract(vouched, '$.address')) = :address

-- Which sessions of an erased person end?
-- Grain: one row a session of theirs.
-- Parameters: address, in small letters.
delete from sessions
where lower(json_extract(vouched, '$.address')) = :address

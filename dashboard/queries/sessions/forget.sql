-- How is a person who is erased taken out of the sessions of those who have signed in? Theirs end.
-- Grain: one row a session of theirs.
-- Parameters: address, in small letters.
delete from sessions
where lower(json_extract(vouched, '$.address')) = :address

-- Which link does a token belong to?
-- Grain: one row, or none.
-- Parameters: secret_hash.
select
    handle,
    label,
    path,
    query,
    made_by,
    made_as,
    made_name,
    made_on,
    ends_on,
    uses,
    last_used_on,
    revoked_on
from links
where secret_hash = :secret_hash

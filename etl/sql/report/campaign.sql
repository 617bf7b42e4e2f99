-- Which build is a snapshot of, which days does it tell of, and what is the hash of what it says?
-- Grain: one row.
-- Parameters: none.
select
    build_id,
    is_sample,
    first_date::varchar,
    last_date::varchar,
    content_id
from snapshot.campaign

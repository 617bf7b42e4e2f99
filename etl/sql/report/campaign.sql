-- Which build is a snapshot of, which days does it tell of, and what is the hash of what it says?
-- Snapshots of earlier programs do not know their content's hash: the name then finds the column of `unknown`.
-- Grain: one row.
-- Parameters: none.
with unknown as (
    select null::varchar as content_id
)

select
    campaign.build_id,
    campaign.is_sample,
    campaign.first_date::varchar,
    campaign.last_date::varchar,
    (select content_id from snapshot.campaign as own)
from snapshot.campaign
cross join unknown

-- Who is the subscriber of this id, or with this address?
-- Grain: one row or none.
-- Parameters: subscriber_id, address (null for the other).
select
    subscriber_id,
    address,
    lang,
    regions,
    themes,
    state,
    asks,
    asked_at,
    confirmed_at,
    left_at
from subscribers
where subscriber_id = $subscriber_id or address = $address

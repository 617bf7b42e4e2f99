-- Which mails are in a state?
-- Grain: one row a delivery.
-- Parameters: state, kind (null for all).
select
    delivery_no,
    kind,
    batch_id,
    recipient,
    state,
    codes,
    attempts,
    put_at,
    changed_at
from deliveries
where state = $state and ($kind is null or kind = $kind)
order by delivery_no

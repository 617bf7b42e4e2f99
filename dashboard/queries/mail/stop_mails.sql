-- Which mails to a person who leaves are not sent any more? Those of these kinds that were not begun.
-- Grain: one row a delivery.
-- Parameters: address, kind, now.
update deliveries
set
    state = 'left',
    recipient = null,
    message = null,
    changed_at = $now
where lower(recipient) = $address and kind = $kind and state in ('waiting', 'held', 'failed')

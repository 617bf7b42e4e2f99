-- Who leaves? The row stays, without the address and the wish.
-- Grain: one row a subscriber.
-- Parameters: subscriber_id, now.
update subscribers
set
    state = 'left',
    left_at = $now,
    address = null,
    regions = '[]',
    themes = '[]'
where subscriber_id = $subscriber_id and state <> 'left'

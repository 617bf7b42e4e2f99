-- Who has confirmed the newsletter by the mail that asked?
-- Grain: one row a subscriber.
-- Parameters: subscriber_id, now.
update subscribers
set
    state = 'confirmed',
    confirmed_at = $now
where subscriber_id = $subscriber_id and state = 'asked'

-- Who has answered the mail by which they were asked whether they want the newsletter?
-- Grain: one row a subscriber.
-- Parameters: subscriber_id, now.
update subscribers
set
    state = 'confirmed',
    confirmed_at = $now
where subscriber_id = $subscriber_id and state = 'asked'

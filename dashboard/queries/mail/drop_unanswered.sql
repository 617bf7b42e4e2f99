-- Who has not answered the question whether they want the newsletter? They are forgotten.
-- Grain: one row a subscriber.
-- Parameters: before.
delete from subscribers
where state = 'asked' and asked_at < $before

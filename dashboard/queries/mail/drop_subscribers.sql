-- Which subscribers are dropped? One who wants to be erased, and those who never confirmed.
-- Grain: one row a subscriber.
-- Parameters: address (null for none), before (the moment by which they should have confirmed; null for none).
delete from subscribers
where address = $address or (state = 'asked' and asked_at < $before)

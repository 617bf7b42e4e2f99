-- Of which subscribers does nothing stay? Of one who wants to be erased, and of those who never confirmed.
-- Grain: one row a subscriber.
-- Parameters: address (null for none), before (the moment by which they should have confirmed; null for none).
delete from subscribers
where address = $address or (state = 'asked' and asked_at < $before)

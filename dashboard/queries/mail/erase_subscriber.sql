-- What is left of a subscriber who wants to be erased? Nothing.
-- Grain: one row a subscriber.
-- Parameters: address.
delete from subscribers
where address = $address

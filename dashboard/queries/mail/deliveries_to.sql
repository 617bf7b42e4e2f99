-- Which mails went or will go to a person?
-- Grain: one row a delivery.
-- Parameters: address, in small letters.
select delivery_no
from deliveries
where lower(recipient) = $address

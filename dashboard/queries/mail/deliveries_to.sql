-- Which mails went or are to go to a person?
-- Grain: one row a delivery.
-- Parameters: address, in small letters.
select delivery_no
from deliveries
where lower(recipient) = $address

-- How many mails went or are to go to a person?
-- Grain: one row.
-- Parameters: address.
select count(*) as mails
from deliveries
where lower(recipient) = $address

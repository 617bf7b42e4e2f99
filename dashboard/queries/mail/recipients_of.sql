-- To which addresses did mails for one use go, or will they?
-- Grain: one row an address.
-- Parameters: prefix and behind (the use's keys stand between them).
select distinct lower(recipient) as recipient
from deliveries
where key >= $prefix and key < $behind and recipient is not null

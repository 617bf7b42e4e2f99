-- How many mails for one use were put for an address since a moment, and is one of them put already?
-- Grain: one row.
-- Parameters: address (in small letters), prefix and behind (the use's keys stand between them), since, key.
select
    count(*) as mails,
    (select count(*) from deliveries as d where d.key = $key) as is_put
from deliveries
where key >= $prefix and key < $behind and lower(recipient) = $address and put_at > $since

-- How many delivered mails still have an address that nobody needs any more?
-- Grain: one row.
-- Parameters: before.
select count(*) as rows
from deliveries
where state in ('sent', 'written', 'left') and recipient is not null and changed_at < $before

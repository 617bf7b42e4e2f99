-- How many finished mails are old enough to be dropped?
-- Grain: one row.
-- Parameters: before.
select count(*) as rows
from deliveries
where state in ('sent', 'written', 'left', 'bounced', 'failed') and changed_at < $before

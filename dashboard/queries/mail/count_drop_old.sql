-- How many mails are done with for so long that nothing of them is kept?
-- Grain: one row.
-- Parameters: before.
select count(*) as rows
from deliveries
where state in ('sent', 'written', 'left', 'bounced', 'failed') and changed_at < $before

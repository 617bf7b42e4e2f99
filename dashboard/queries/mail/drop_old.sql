-- Which mails are done with for so long that nothing of them is kept?
-- Grain: one row a delivery.
-- Parameters: before.
delete from deliveries
where state in ('sent', 'written', 'left', 'bounced', 'failed') and changed_at < $before

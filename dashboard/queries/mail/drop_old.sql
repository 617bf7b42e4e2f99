-- Which finished mails are old enough to be dropped?
-- Grain: one row a delivery.
-- Parameters: before.
delete from deliveries
where state in ('sent', 'written', 'left', 'bounced', 'failed') and changed_at < $before

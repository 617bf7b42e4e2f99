-- Which addresses of mails that have arrived are no longer needed to tell who reported a bounce?
-- Grain: one row a delivery.
-- Parameters: before.
update deliveries
set recipient = null
where state in ('sent', 'written', 'left') and recipient is not null and changed_at < $before

-- Which addresses of delivered mails are no longer needed to match reported bounces?
-- Grain: one row a delivery.
-- Parameters: before.
update deliveries
set recipient = null
where state in ('sent', 'written', 'left') and recipient is not null and changed_at < $before

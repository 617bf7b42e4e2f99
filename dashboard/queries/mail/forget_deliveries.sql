-- What is left of a person's mails? That there were some: neither address nor text.
-- Grain: one row a delivery.
-- Parameters: address, now.
update deliveries
set
    recipient = null,
    message = null,
    message_id = null,
    state = case when state in ('sent', 'written', 'bounced') then state else 'left' end,
    changed_at = $now
where lower(recipient) = $address

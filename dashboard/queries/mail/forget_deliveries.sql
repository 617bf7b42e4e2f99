-- What is left of a person's mails? That there were some: neither address nor text. Of some kinds alone, for a person
-- who leaves, those that were not begun are not sent any more.
-- Grain: one row a delivery.
-- Parameters: address, kinds (a JSON list; null for all mails, sent ones too), now.
update deliveries
set
    recipient = null,
    message = null,
    message_id = null,
    state = case when state in ('sent', 'written', 'bounced') then state else 'left' end,
    changed_at = $now
where
    lower(recipient) = $address
    and (
        $kinds is null
        or (kind in (select value from json_each($kinds)) and state in ('waiting', 'held', 'failed'))
    )

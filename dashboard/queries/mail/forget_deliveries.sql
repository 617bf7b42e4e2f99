-- Which mails of a person lose their address and text? For a person who leaves, only the unsent ones of some kinds,
-- which are not sent any more; mails about reports and promises are no matter of the newsletter.
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
        or (
            kind in (select value from json_each($kinds))
            and state in ('waiting', 'held', 'failed')
            and key not like 'confirmation/report-%'
            and key not like 'confirmation/promise%'
        )
    )

-- Which mail is it that came back?
-- Grain: one row a delivery.
-- Parameters: message_id, codes, now.
update deliveries
set
    state = 'bounced',
    codes = $codes,
    changed_at = $now
where message_id = $message_id and state in ('sent', 'uncertain', 'failed')

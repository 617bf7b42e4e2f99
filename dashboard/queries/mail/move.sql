-- Which mail takes another state? The one of this number or Message-ID, if it is in one of the states before. One that
-- shall wait again needs its text and its recipient; the text of a delivered or abandoned one is removed.
-- Grain: one row a delivery.
-- Parameters: before (states as a JSON list), after, delivery_no, message_id (null for the other), codes, next_at
-- (null: as they are), now.
update deliveries
set
    state = $after,
    attempts = attempts + ($after = 'sending'),
    codes = coalesce($codes, codes),
    next_at = coalesce($next_at, next_at),
    changed_at = $now,
    message = case when $after in ('sent', 'written', 'left') then null else message end
where
    (delivery_no = $delivery_no or message_id = $message_id)
    and state in (select value from json_each($before))
    and ($after <> 'waiting' or (message is not null and recipient is not null))

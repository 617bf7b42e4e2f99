-- Who is the subscriber of this id, or with this address? Or who are all readers of the newsletter: those with an
-- undeliverable mail wait for staff's decision.
-- Grain: one row a subscriber, those who read the same together.
-- Parameters: subscriber_id, address (null for the other; both null for all readers).
select
    subscriber_id,
    address,
    lang,
    regions,
    themes,
    state,
    asks,
    asked_at,
    confirmed_at,
    left_at
from subscribers
where
    subscriber_id = $subscriber_id
    or address = $address
    or (
        $subscriber_id is null and $address is null
        and state = 'confirmed'
        and address not in (
            select lower(d.recipient)
            from deliveries as d
            where d.kind = 'newsletter' and d.state = 'bounced' and d.recipient is not null
        )
    )
order by lang, regions, themes, subscriber_id

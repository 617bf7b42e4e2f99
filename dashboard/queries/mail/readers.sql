-- Who gets the newsletter? Those to whom a mail could not be delivered wait until staff have decided.
-- Grain: one row a subscriber, those who read the same together.
-- Parameters: none.
select
    subscriber_id,
    address,
    lang,
    regions,
    themes
from subscribers
where
    state = 'confirmed'
    and address not in (
        select lower(d.recipient)
        from deliveries as d
        where d.kind = 'newsletter' and d.state = 'bounced' and d.recipient is not null
    )
order by lang, regions, themes, subscriber_id

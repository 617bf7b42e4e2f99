-- Which mail is sent next, and how many are due? The oldest waiting mail that is due, urgent ones first.
-- Grain: one row or none.
-- Parameters: kind, batch_id (null for all), urgent (a kind that goes in any case), now.
with due_mails as (
    select
        delivery_no,
        kind
    from deliveries
    where
        state = 'waiting'
        and next_at <= $now
        and (
            kind = $urgent
            or (($kind is null or kind = $kind) and ($batch_id is null or batch_id = $batch_id))
        )
)

select
    d.delivery_no,
    d.batch_id,
    d.recipient,
    d.message,
    d.attempts,
    (select count(*) from due_mails) as due
from deliveries as d
where d.delivery_no = (select m.delivery_no from due_mails as m order by m.kind = $urgent desc, m.delivery_no limit 1)

-- What became of a mail that was being sent? What has arrived is no longer kept.
-- Grain: one row a delivery.
-- Parameters: delivery_no, state, codes, next_at, now.
update deliveries
set
    state = $state,
    codes = $codes,
    next_at = $next_at,
    changed_at = $now,
    message = case when $state in ('sent', 'written') then null else message end
where delivery_no = $delivery_no and state in ('waiting', 'sending')

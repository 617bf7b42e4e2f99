-- Which link was used? Only the day is stored, neither the person nor the time.
-- Grain: one row, or none where it is gone.
-- Parameters: handle; times; today.
update links
set
    uses = uses + :times,
    last_used_on = max(coalesce(last_used_on, ''), :today)
where handle = :handle

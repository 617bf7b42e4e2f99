-- How is it noted that a link was used? The day alone is kept, not who and when.
-- Grain: one row, or none where it is gone.
-- Parameters: handle; times; today.
update links
set
    uses = uses + :times,
    last_used_on = max(coalesce(last_used_on, ''), :today)
where handle = :handle

-- Which open links end now?
-- Grain: one row a link that ends.
-- Parameters: handle, null for all; today.
update report_links
set ended_on = :today
where ended_on is null and ends_on >= :today and (:handle is null or handle = :handle)

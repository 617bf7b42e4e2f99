-- Which link ends before its day?
-- Grain: one row, or none where it is not there, has been revoked, or is somebody else's.
-- Parameters: handle; made_by, whose link it must be, null for anybody's; today.
update links
set revoked_on = :today
where handle = :handle and revoked_on is null and (:made_by is null or made_by = :made_by)

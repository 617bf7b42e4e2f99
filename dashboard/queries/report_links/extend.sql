-- Which link gets a later last day?
-- Grain: one row, the link, unless staff have ended it or it opens so long already.
-- Parameters: handle; until, its new last day.
update report_links
set ends_on = :until
where handle = :handle and ended_on is null and ends_on < :until

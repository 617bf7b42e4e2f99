-- Which actions belong to letters that are old enough to be dropped?
-- Grain: one row a letter and action.
-- Parameters: before.
delete from asked_actions
where letter_id in (select letter_id from letters where noted_at < $before)

-- Which actions did letters ask about so long ago that nothing of them is kept?
-- Grain: one row a letter and action.
-- Parameters: before.
delete from asked_actions
where letter_id in (select letter_id from letters where noted_at < $before)

-- What is the title of one action?
-- Grain: one row, none when there is no such action.
-- Parameters: action_id.
select title from actions where action_id = $action_id

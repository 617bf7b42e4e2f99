-- Which action does a letter ask about?
-- Grain: one row an action of a letter.
-- Parameters: letter_id, action_id, stakeholder_id.
insert into asked_actions (letter_id, action_id, stakeholder_id) values ($letter_id, $action_id, $stakeholder_id)

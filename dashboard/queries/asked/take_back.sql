-- Which letter did not go out after all?
-- Grain: one row a letter.
-- Parameters: letter_id, now.
update letters set taken_back_at = $now where letter_id = $letter_id and taken_back_at is null

-- Which letter goes out?
-- Grain: one row a letter.
-- Parameters: letter_id, batch_id, asked_on, wave, channel, lang, is_sample, noted_at.
insert into letters (letter_id, batch_id, asked_on, wave, channel, lang, is_sample, noted_at)
values ($letter_id, $batch_id, $asked_on, $wave, $channel, $lang, $is_sample, $noted_at)

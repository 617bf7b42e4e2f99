-- How many actions have a word in their texts that holds these letters?
-- Grain: one row.
-- Parameters: one.
select count(distinct u.action_no) as actions
from search_uses as u
where u.word_no in (select w.word_no from search_words as w where contains(w.word, $one))

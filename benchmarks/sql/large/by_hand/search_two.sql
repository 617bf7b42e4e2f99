-- How many actions have words that hold these letters and those?
-- Grain: one row.
-- Parameters: one, other.
select count(distinct u.action_no) as actions
from search_uses as u
where
    u.word_no in (select w.word_no from search_words as w where contains(w.word, $one))
    and u.action_no in (
        select o.action_no
        from search_uses as o
        where o.word_no in (select w.word_no from search_words as w where contains(w.word, $other))
    )

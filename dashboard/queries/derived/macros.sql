-- Which actions have a word that holds these letters, as a large snapshot lists them? Some more than once.
-- Grain: one row an action and use of such a word. `asked` is folded and has no blank inside.
create macro uses_of(asked) as table
select u.action_no
from search_uses as u
where u.word_no in (select w.word_no from search_words as w where contains(w.word, asked));

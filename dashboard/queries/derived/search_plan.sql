-- Which of these words are so rare in the searched texts of actions that the list of words finds them sooner than
-- reading all texts does? Counted over the hundred thousand most frequent words; all others together are few.
-- Grain: one row a searched word, in their order; none has a blank inside.
-- Parameters: words.
select coalesce(sum(w.uses), 0) <= 3 * (select count(*) from actions) as is_listed
from unnest($words::varchar[]) with ordinality as t (asked, place)
left join search_words as w on w.word_no <= 100000 and contains(w.word, t.asked)
group by t.place
order by t.place

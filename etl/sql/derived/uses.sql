-- Which of the words does each action of one portion have?
-- Grain: one row an action and a word of its text.
-- Parameters: $first, $last, the numbers of the actions.
insert into snapshot.derived.search_uses
with words as (
    select
        action_no,
        unnest(string_split(search_text, ' ')) as word
    from snapshot.actions
    where action_no between $first and $last
)

select
    w.word_no,
    u.action_no
from words as u
inner join snapshot.derived.search_words as w on u.word = w.word
order by w.word_no, u.action_no;

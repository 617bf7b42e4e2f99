-- Which names are worth comparing letter by letter where there are too many to compare each with each?
-- Those that share a rare word and hold the same numbers.
-- Grain: one row a pair. Parameters: pairs, how many at most; shared, by how many names a rare
-- word is shared at most.
select distinct a.name_no, b.name_no
from likely_words as a
inner join word_counts as c on a.meaning = c.meaning and c.names <= $shared
inner join likely_words as b on a.meaning = b.meaning and a.name_no < b.name_no
inner join likely_names as n on a.name_no = n.name_no
inner join likely_names as m on b.name_no = m.name_no and n.numbers = m.numbers
where n.base_key <> m.base_key
order by 1, 2
limit $pairs;

-- In how many paragraphs of staff's own does an address stand?
-- Grain: one row.
-- Parameters: address (in small letters).
select count(*) as paragraphs
from own_words
where instr(lower(words), $address) > 0

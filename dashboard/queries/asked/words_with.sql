-- In which paragraphs of staff's own does an address stand?
-- Grain: one row a paragraph.
-- Parameters: address, in small letters.
select
    batch_id,
    lang
from own_words
where instr(lower(words), $address) > 0

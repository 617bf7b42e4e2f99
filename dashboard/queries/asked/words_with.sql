-- Which paragraphs by staff hold an address?
-- Grain: one row a paragraph.
-- Parameters: address, in small letters.
select
    batch_id,
    lang
from own_words
where instr(lower(words), $address) > 0

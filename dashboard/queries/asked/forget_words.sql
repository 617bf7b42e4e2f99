-- Which paragraphs by staff are dropped because they hold an address?
-- Grain: one row a paragraph.
-- Parameters: address (in small letters).
delete from own_words
where instr(lower(words), $address) > 0

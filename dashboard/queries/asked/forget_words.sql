-- Which paragraphs of staff's own go, since an address stands in them?
-- Grain: one row a paragraph.
-- Parameters: address (in small letters).
delete from own_words
where instr(lower(words), $address) > 0

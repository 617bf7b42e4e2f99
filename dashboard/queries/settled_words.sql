-- Which meanings did staff give to words, and in how many rows does each apply?
-- Grain: one row a line of spellings.csv.
-- Parameters: none.
select line, codelist, word, codes, based_on, recipe, source_file, note, "rows" as row_count
from settled_words
order by line

-- What did staff say that words mean, and in how many rows is each read so?
-- Grain: one row a line of spellings.csv.
-- Parameters: none.
select line, codelist, word, codes, based_on, recipe, source_file, note, "rows" as row_count
from settled_words
order by line

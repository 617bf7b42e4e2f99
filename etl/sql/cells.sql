-- The distinct cells whose codes are to be found, and what they are compared with.
-- lists: the lists in which they are looked up; null for all.

-- query: spellings
-- Grain: one row a list and folded spelling.
select list, folded, codelist, code
from spellings
semi join cells using (list)
where $lists is null or list_contains($lists, list);

-- query: unresolved
-- Grain: one row a sheet, field and cell.
select sheet_no, words_no, field, list, cell
from cells
where $lists is null or list_contains($lists, list)
order by all;

-- Take out the settled words of staff, for others: `10_meant_spellings` and `10_spellings` follow. Cells that are
-- looked up in the lists of words that differ are resolved anew.
-- Parameter: lists.
delete from staff_words;

drop table if exists said_spellings;

delete from resolved
where (sheet_no, field) in (select (sheet_no, field) from cells where list_contains($lists, list));

delete from cell_marks
where (sheet_no, field) in (select (sheet_no, field) from cells where list_contains($lists, list));

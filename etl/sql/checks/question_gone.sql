-- severity: warning
-- Which questions that a recipe names, and which choices of them, does a sheet have no column for?
-- Asked about instead is a column whose header is nearly theirs.
-- Grain: one row a sheet and question, or choice.
-- Nothing without: questions_gone.
select
    s.source_file,
    s.sheet,
    s.header_row as source_row,
    'header' as field,
    g.question as value,
    g.header as expected
from questions_gone as g
inner join sheets as s on g.sheet_no = s.sheet_no

-- severity: warning
-- Which rows have nothing but a title, so that they may be a heading or a note as well as an action?
-- Grain: one row a row of actions that was kept.
-- Nothing without: doubtful_rows.
select
    null::varchar as action_id,
    s.source_file,
    s.sheet,
    d.source_row,
    'title' as field,
    d.words as value,
    null::varchar as expected
from doubtful_rows as d
inner join sheets as s on d.sheet_no = s.sheet_no

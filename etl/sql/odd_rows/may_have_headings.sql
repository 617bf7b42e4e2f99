-- Which row of one cell may be a heading, or an action's title? Below the last row only a title may. A heading may
-- also have the sums of its part beside it.
-- Parameters: titles.
-- Grain: one row, where there is any.
select s.source_row
from odd_shapes as s
where
    s.texts = 1
    and (
        s.source_row in (select source_row from told_rows where reason = 'its numbers are the sums of those below it')
        or (
            s.filled = 1
            and s.source_row not in (select source_row from told_rows)
            and (s.source_row < (select max(source_row) from plain_rows) or list_contains($titles, s.first_column))
        )
    )
order by s.source_row
limit 1;

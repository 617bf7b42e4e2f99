-- Which answers had not been finished when they came last, and are not among those that are unfinished now?
-- Grain: one row an answer, by its number.
-- Parameters: none. known_rows holds the export, with the day of finishing in its second column; arrived_rows the
-- numbers of those that are unfinished now.
select distinct try_cast(answer as bigint) as number
from known_rows
where
    place > 0
    and coalesce(trim(c0001), '') = ''
    and answer not in (select answer from arrived_rows where place > 0)
    and try_cast(answer as bigint) is not null
order by number

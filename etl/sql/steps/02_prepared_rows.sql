-- Which rows may be no promise although they look like one, since they were prepared for later? A prepared row has an
-- id and neither title nor stakeholder, and beside it at most a status, zeros, and cells alike in three such rows and
-- more, as a default that was copied down.
-- Parameters: sheet_no, kind; titles, makers, ids, as in `02_odd_rows`; statuses: the columns of the status.
-- Grain: one row a row that is asked about.
insert into asked_rows
with nameless as (
    select source_row from odd_cells
    where $kind = 'actions' and source_row not in (select source_row from told_rows)
    group by source_row
    having
        bool_or(list_contains($ids, column_no) and regexp_full_match(words, '\S*\d\S*'))
        and not bool_or(list_contains($titles, column_no) or list_contains($makers, column_no))
),

prepared as (
    select
        source_row,
        any_value(folded) filter (list_contains($statuses, column_no)) as status,
        first(words order by column_no) filter (list_contains($ids, column_no)) as words
    from (
        select *, count(*) over (partition by column_no, folded) as alike
        from odd_cells
        where source_row in (select source_row from nameless)
    ) as counted_cells
    group by source_row
    having bool_and(
        list_contains(list_concat($ids, $statuses), column_no)
        or coalesce(number = 0, false)
        or (column_no = 1 and number is not null)
        or alike >= 3
    )
),

completed as (
    select s.folded
    from spellings as s
    inner join codelist_codes as c on s.codelist = c.codelist and s.code = c.code
    where s.list = 'statuses' and c.base_status = 'completed'
),

counted as (
    select count(distinct status) as statuses, count(*) as row_count from prepared
)

select $sheet_no, 'prepared_rows', p.source_row, p.words, r.cells
from prepared as p
inner join listed_rows as r on p.source_row = r.source_row
cross join counted as c
where
    len($titles) + len($makers) > 0
    and c.statuses <= 1
    and c.row_count < (select count(*) from raw_rows)
    and not coalesce(p.status in (select folded from completed), false);

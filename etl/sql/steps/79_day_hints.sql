-- What is the latest day among the cells of a sheet whose rows do not state the day of their statuses? Due days, days a
-- year outside the campaign, and ambiguous days do not count.
-- `raw_rows` stands for the sheet's raw table.
-- Parameters: sheet_no, round_no, in_name (the day in the file's name), in_title (in the sheet's name), in_header (in
-- that of the statuses), starts_on, ends_on.
-- Grain: one row.
insert into day_hints
with written as (
    select distinct cell
    from (unpivot (from raw_rows) on columns(* exclude (source_row)) into name number value cell)
    where length(cell) between 6 and 30
),

days as (
    select coalesce(
        quick_day(cell),
        if(
            regexp_full_match(cell, '\d{1,2}[./-]\d{1,2}[./-]\d{2,4}') and pair_proves(cell) <> 'either',
            day_of_leading_pair(cell, 'none'),
            null
        )
    ) as on_day
    from written
)

select
    $sheet_no,
    $round_no,
    $in_name,
    $in_title,
    $in_header,
    max(on_day)
from days
where
    on_day between $starts_on - 366 and $ends_on + 366
    and on_day not in (select s.due_on from staged_actions as s where s.sheet_no = $sheet_no and s.due_on is not null)

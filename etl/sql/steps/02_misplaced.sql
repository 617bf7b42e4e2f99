-- Which rows are out of place, so that their cells stand under the wrong headers? The signs never occur in an intact
-- table, and staff are asked, since only a person can correct it: a last row that holds nothing but the end of a column
-- that begins a row too low; below blank rows, rows that fill a corner of the table only, all the same cells (but for
-- lines of one cell, such as a heading).
-- Parameters: sheet_no; titles, ids, as in `02_odd_rows`; coded: the columns of codes, percentages and dates.
insert into misplaced_rows
with ends as (
    select min(source_row) as first_row, max(source_row) as last_row, count(*) as row_count from raw_rows
),

last_cell as (
    select o.source_row, o.column_no
    from odd_cells as o
    inner join odd_shapes as s on o.source_row = s.source_row and s.filled = 1
    inner join ends as e on o.source_row = e.last_row
    where list_contains($coded, o.column_no)
),

counted as (
    select
        c.source_row,
        c.column_no,
        count(r.cells[c.column_no]) as filled,
        any_value(e.row_count) as row_count,
        bool_or(r.source_row = e.first_row and r.cells[c.column_no] is null) as begins_late
    from last_cell as c
    cross join ends as e
    cross join listed_rows as r
    group by c.source_row, c.column_no
)

select $sheet_no, 'column', source_row, source_row, column_no
from counted
where begins_late and row_count > 3 and filled >= 0.8 * (row_count - 1);

insert into misplaced_rows
with numbered as (
    select
        source_row,
        list_filter(range(1, len(cells) + 1), lambda column_no: cells[column_no] is not null) as places,
        source_row - lag(source_row) over (order by source_row) > 1 as is_after_gap
    from listed_rows
),

gap as (select max(source_row) as source_row from numbered where is_after_gap),

below as (
    select
        min(n.source_row) as first_row,
        max(n.source_row) as last_row,
        count(*) filter (len(n.places) > 1) as row_count,
        any_value(l.places) as places,
        bool_and(n.places = l.places or len(n.places) = 1) as are_alike
    from numbered as n
    cross join gap as g
    inner join numbered as l on l.source_row = (select max(source_row) from raw_rows)
    where n.source_row >= g.source_row
),

above as (
    select median(len(n.places)) as filled, count(*) as row_count
    from numbered as n
    cross join gap as g
    where n.source_row < g.source_row
)

select $sheet_no, 'apart', b.first_row, b.last_row, null
from below as b
cross join above as a
where
    b.are_alike
    and b.row_count > 1
    and b.row_count < a.row_count
    and len(b.places) > 1
    and len(b.places) * 2 <= a.filled
    and list_has_any(b.places, list_concat($titles, $ids))
    and b.last_row not in (select source_row from asked_rows where sheet_no = $sheet_no);

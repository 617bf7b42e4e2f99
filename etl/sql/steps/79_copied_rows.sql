-- Which rows of a survey without an id that name no known action are copies of an earlier one?
-- `raw_rows` stands for the sheet's raw table.
-- Parameters: sheet_no.
-- Grain: one row a copy.
create or replace table copied_rows as
with nameless as (
    select distinct source_row
    from report_rows
    where
        kind = 'progress_reports'
        and sheet_no = $sheet_no
        and action_no is null
        and answers is not null
        and source_row not in (
            select source_row from merged_away where kind = 'progress_reports' and sheet_no = $sheet_no
        )
),

listed as (
    select source_row, list_value(*columns(* exclude (source_row))) as cells
    from raw_rows
    where source_row in (select source_row from nameless)
)

select source_row, min(source_row) over (partition by cells) as first_row
from listed
qualify source_row > first_row;

insert into rejections
select
    'progress_reports', $sheet_no, source_row, null, 'row ' || first_row,
    'it repeats an earlier row, every cell alike'
from copied_rows;

insert into report_repeats
select r.kind, r.row_no, 'it repeats an earlier row, every cell alike'
from report_rows as r
inner join copied_rows as c on r.source_row = c.source_row
anti join report_repeats as p on r.kind = p.kind and r.row_no = p.row_no
where r.kind = 'progress_reports' and r.sheet_no = $sheet_no;

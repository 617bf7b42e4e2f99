-- How was each sheet read, and how many of its rows counted?
-- Grain: one row a sheet of a file, those that are not read as well; a file without any sheet is one row too.
-- Parameters: file (null: all), most.
with remarked as (
    select source_file, sheet, remark, field, sum(number) as number
    from sheet_remarks
    group by source_file, sheet, remark, field
),

remarks as (
    select
        source_file,
        sheet,
        list(struct_pack(remark := remark, field := field, number := number) order by remark, field) as remarks
    from remarked
    group by source_file, sheet
),

sheets as (
    select source_file, sheet, recipe, kind, rows_read, rows_accepted, rows_merged, rows_rejected from input_sheets
    union all
    select source_file, sheet, null, null, 0, 0, 0, 0 from remarked where remark in ('hidden', 'left_out')
)

select
    f.source_file,
    s.sheet,
    s.recipe,
    s.kind,
    coalesce(s.rows_read, f.rows_read) as rows_read,
    coalesce(s.rows_accepted, f.rows_accepted) as rows_accepted,
    coalesce(s.rows_merged, f.rows_merged) as rows_merged,
    coalesce(s.rows_rejected, f.rows_rejected) as rows_rejected,
    r.remarks,
    count(*) over () as rows_in_all
from input_files as f
left join sheets as s on f.source_file = s.source_file
left join remarks as r on s.source_file = r.source_file and s.sheet = r.sheet
where $file is null or f.source_file = $file
order by f.source_file, s.sheet
limit $most

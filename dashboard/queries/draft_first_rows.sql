-- How are the first rows of uploaded files read, field by field? Contacts are in no snapshot.
-- Grain: one row a row of an uploaded file that counts, the first ones of each sheet; countries are codes.
-- Parameters: files, most.
with told as (
    select
        source_file, source_sheet, source_row, action_no, action_id, stakeholder, title, category,
        submitted_on as on_date, null::varchar as status, null::double as percent
    from actions
    where list_contains($files::varchar[], source_file)
    union all
    select
        report.source_file, report.source_sheet, report.source_row, report.action_no, report.action_id,
        coalesce(action.stakeholder, report.stakeholder), coalesce(action.title, report.action_title), null,
        report.reported_on, coalesce(report.status_code, report.status), report.percent
    from progress_reports as report
    left join actions as action on report.action_no = action.action_no
    where list_contains($files::varchar[], report.source_file)
    union all
    select source_file, source_sheet, source_row, null, action_id, null, title, null, on_date, null, null
    from events
    where list_contains($files::varchar[], source_file)
    union all
    select source_file, source_sheet, source_row, null, action_id, null, title, null, on_date, null, null
    from stories
    where list_contains($files::varchar[], source_file)
),

read_rows as (
    select
        source_file,
        source_sheet,
        source_row,
        min(action_no) as action_no,
        any_value(action_id) as action_id,
        any_value(stakeholder) as stakeholder,
        any_value(title) as title,
        any_value(category) as category,
        max(on_date) as on_date,
        arg_max(status, on_date) as status,
        arg_max(percent, on_date) as percent
    from told
    group by source_file, source_sheet, source_row
    qualify row_number() over (partition by source_file, source_sheet order by source_row) <= $most
)

select
    read_rows.source_file,
    read_rows.source_sheet,
    read_rows.source_row,
    read_rows.action_id,
    read_rows.stakeholder,
    read_rows.title,
    read_rows.category,
    read_rows.status,
    read_rows.percent,
    read_rows.on_date,
    list(place.iso3 order by place.iso3) filter (where place.iso3 is not null) as countries
from read_rows
left join action_countries as place on read_rows.action_no = place.action_no
group by all
order by read_rows.source_file, read_rows.source_sheet, read_rows.source_row

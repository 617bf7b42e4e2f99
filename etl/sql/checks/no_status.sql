-- severity: question
-- In which sheets does no column say the status, although rows have a day of completion, or 100 %?
-- What another sheet or file says of an action's status is its status.
-- Grain: one row a sheet.
-- Nothing without: report_rows.
with bare as (
    select sheet_no, source_row, completed_on, percent
    from report_rows
    where
        sheet_no not in (select o.sheet_no from report_rows as o where o.status_written is not null)
        and coalesce(
            action_no not in (
                select r.action_no from report_rows as r where r.action_no is not null and r.status_written is not null
            ),
            true
        )
)

select
    sheet_no,
    null as field,
    null as header,
    'rows' as variant,
    map {
        'days': (count(completed_on))::varchar, 'full': (count(*) filter (percent = 100))::varchar
    } as facts,
    list(
        show_row(source_row, coalesce(completed_on::varchar, round(percent)::integer || ' %')) order by source_row
    ) filter (completed_on is not null or percent = 100)[:3] as evidence,
    [candidate('completed', []), candidate('nothing', [])] as candidates
from bare
group by sheet_no
having count(completed_on) > 0 or bool_or(percent = 100)

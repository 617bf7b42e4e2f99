-- severity: question
-- On which day were the statuses of a sheet true whose rows do not tell it? What another report with a day of its own
-- is about needs none: that one goes before it; but a round of reports that staff told of is asked about, once it is
-- known what it says. No day is suggested on which nothing counts (`until` is the last).
-- Grain: one row a sheet, and a round of it.
-- Nothing without: report_rows where is_day_untold.
with dated as (select distinct action_no from report_rows where not is_day_untold and action_no is not null),

untold as (
    select
        r.sheet_no,
        r.round_no,
        if(r.round_no is not null or count(*) over (partition by r.sheet_no) > 1, any_value(c.header), null) as header,
        count(distinct r.source_row) as row_count,
        list(
            show_row(r.source_row, coalesce(r.status_written, r.percent_written)) order by r.source_row
        )[:3] as evidence,
        count(r.submitted_at_day) as submitted_count
    from report_rows as r
    inner join status_columns as c on r.sheet_no = c.sheet_no and r.round_no is not distinct from c.round_no
    left join dated as d on r.action_no = d.action_no
    where r.is_day_untold and r.action_no is not null and (c.is_round or d.action_no is null)
    group by r.sheet_no, r.round_no, c.is_round
    having not c.is_round or count(coalesce(r.status_written, r.percent_written, r.completed_on::varchar)) > 0
)

select
    u.sheet_no,
    t.statuses as field,
    u.header,
    if(u.submitted_count > 0, 'submitted', 'untold') as variant,
    if(d.is_of_submission, 'rows', null) as answer,
    if(d.is_of_submission, 'staff', null) as decided_by,
    map {
        'n': u.row_count::varchar, 'name': h.in_name::varchar, 'title': h.in_title::varchar,
        'header': h.in_header::varchar, 'saved': f.saved_on::varchar, 'latest': h.latest::varchar,
        'until': (c.ends_on + 366)::varchar
    } as facts,
    u.evidence,
    [
        candidate(day::varchar, [])
        for day in list_sort(list_distinct([h.in_name, h.in_title, h.in_header, f.saved_on, h.latest]))
        if day <= c.ends_on + 366
    ] || if(u.submitted_count > 0, [candidate('rows', [])], []) as candidates
from untold as u
inner join untold_statuses as t on u.sheet_no = t.sheet_no and u.round_no is not distinct from t.round_no
inner join sheets as s on u.sheet_no = s.sheet_no
inner join files as f on s.source_file = f.source_file
cross join snapshot.campaign as c
left join staff_days as d on u.sheet_no = d.sheet_no and u.round_no is not distinct from d.round_no
left join day_hints as h on u.sheet_no = h.sheet_no and u.round_no is not distinct from h.round_no

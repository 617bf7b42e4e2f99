-- What is asked about the statuses of a sheet, and the days on which they were true?

-- query: day
-- severity: question
-- On which day were the statuses, and the numbers reached, of a sheet true whose rows do not tell it? What another
-- report with a day of its own is about needs none: that one goes before it; but a round of reports that staff told of
-- is asked about, once it is known what it says. No day is suggested on which nothing counts (`until` is the last).
-- Grain: one row a sheet, and a round of it.
-- Nothing without: (select 1 from report_rows where is_day_untold union all select 1 from untold_results).
with dated as (select distinct action_no from report_rows where not is_day_untold and action_no is not null),

rows_untold as (
    select
        sheet_no, round_no, source_row, action_no, status_written, percent_written, completed_on, submitted_at_day,
        false as is_number
    from report_rows
    where is_day_untold and action_no is not null
    union all
    select u.sheet_no, null, u.source_row, null, null, u.actual, null, u.submitted_at_day, true
    from untold_results as u
    inner join result_rows as r on u.row_no = r.row_no
    where r.action_no is not null and r.actual is not null
),

untold as (
    select
        r.sheet_no,
        r.round_no,
        if(r.round_no is not null or count(*) over (partition by r.sheet_no) > 1, any_value(c.header), null) as header,
        count(distinct r.source_row) as row_count,
        list(
            show_row(r.source_row, coalesce(r.status_written, r.percent_written)) order by r.source_row
        )[:3] as evidence,
        count(r.submitted_at_day) as submitted_count,
        bool_and(r.is_number) as is_of_numbers
    from rows_untold as r
    inner join status_columns as c on r.sheet_no = c.sheet_no and r.round_no is not distinct from c.round_no
    left join dated as d on r.action_no = d.action_no
    where c.is_round or d.action_no is null
    group by r.sheet_no, r.round_no, c.is_round
    having not c.is_round or count(coalesce(r.status_written, r.percent_written, r.completed_on::varchar)) > 0
)

select
    u.sheet_no,
    t.statuses as field,
    u.header,
    case when u.is_of_numbers then 'numbers' when u.submitted_count > 0 then 'submitted' else 'untold' end as variant,
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
left join day_hints as h on u.sheet_no = h.sheet_no and u.round_no is not distinct from h.round_no;

-- query: no_status
-- severity: question
-- In which sheets does no column say the status, although rows have a day of completion, or 100 %?
-- What another sheet or file says of an action's status is its status. By link it was asked for, and left open.
-- Grain: one row a sheet.
-- Nothing without: report_rows where completed_on is not null or percent = 100.
with bare as (
    select sheet_no, source_row, completed_on, percent
    from report_rows
    where
        sheet_no not in (select f.sheet_no from sheets as f where f.recipe = 'reports_by_link')
        and sheet_no not in (select o.sheet_no from report_rows as o where o.status_written is not null)
        and coalesce(
            action_no not in (
                select r.action_no from report_rows as r where r.action_no is not null and r.status_written is not null
            ),
            true
        )
)

select
    sheet_no,
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
having count(completed_on) > 0 or bool_or(percent = 100);

-- query: two_statuses
-- severity: question
-- Which rows of a sheet say different things about one action and one day?
-- Grain: one row a sheet.
-- Nothing without: contested_statuses.
select
    sheet_no,
    'rows' as variant,
    map { 'n': count(distinct action_no)::varchar } as facts,
    list(show_row(source_row, status_written) order by action_no, source_row)[:3] as evidence,
    [candidate('lower', []), candidate('upper', [])] as candidates
from contested_statuses
group by sheet_no;

-- The reports of each action in order: the latest day decides, within a day the last submitted; a report on its file's
-- day comes before those with a day of their own, and the status that staff set aside before the one that counts. One
-- without any day is in force on none.
-- They are sorted once, and each is seen beside those before and after it as they come (`over ()`). run_no: reports
-- that follow one another with the same base status; first_of_run: the first of them, and last_stated: the last report,
-- of any action, that states a day of completion (`day_at`).
-- Grain: one row a report about an action.
-- Nothing without: kept_reports.
create table ordered_reports as
with sorted as (
    select
        r.report_no,
        r.action_no,
        r.counts_from,
        c.base_status,
        r.status_code,
        case when r.percent between 0 and 100 then r.percent end as percent,
        r.completed_on,
        r.is_day_of_file,
        f.source_file
    from kept_reports as r
    inner join sheets as f on r.sheet_no = f.sheet_no
    left join codelist_codes as c on c.codelist = 'statuses' and r.status_code = c.code
    where r.action_no is not null and r.counts_from is not null
    order by
        r.action_no,
        r.counts_from,
        not r.is_day_of_file,
        r.submitted_at nulls first,
        (r.kind, r.row_no) not in (select (o.kind, o.row_no) from lost_statuses as o where o.is_settled),
        r.report_no
),

beside as (
    select
        *,
        row_number() over () as place,
        if(lead(action_no) over () = action_no, lead(counts_from) over (), date '9999-12-31') as next_on,
        lag(action_no) over () as action_before,
        lag(base_status) over () as status_before
    from sorted
)

select
    * exclude (action_before, status_before),
    count(*) filter (where action_no is distinct from action_before or base_status is distinct from status_before)
        over (rows unbounded preceding) as run_no, -- noqa: PRS
    max(day_at(place, counts_from, is_day_of_file))
        filter (where action_no is distinct from action_before or base_status is distinct from status_before)
        over (rows unbounded preceding) as first_of_run, -- noqa: PRS
    max(day_at(place, completed_on, false)) over (rows unbounded preceding) as last_stated -- noqa: PRS
from beside;

-- From which day to which day each report is the latest one; they are in order already.
-- Nothing without: ordered_reports.
insert into snapshot.report_spells
select
    action_no,
    counts_from,
    next_on,
    report_no,
    base_status,
    status_code,
    percent,
    if(base_status = 'completed' and last_stated >> 24 >= first_of_run >> 24, day_from(last_stated), completed_on),
    day_from(first_of_run),
    first_of_run % 2 = 1,
    source_file
from ordered_reports
where counts_from < next_on;

-- Where the rows of a sheet are the targets of commitments: what is the status of each commitment?
-- `any`: it is completed once one target is; `all`: once every one is. A target whose status is unknown, or not yet
-- known by that day, leaves open what it alone would decide: then the commitment's status is unknown. A commitment that
-- is surely not completed is discontinued where none of its targets goes on, not started where none has begun, else in
-- progress.
-- Grain: one row a sheet, commitment and day on which one of its targets reported.
create table target_days as
with targets as (
    select s.sheet_no, s.source_row, t.completed, g.kept_row::integer as action_no
    from target_sheets as t
    inner join staged_actions as s on t.sheet_no = s.sheet_no
    inner join action_groups as g on s.row_no = g.row_no
    where t.completed <> 'latest'
    union
    select p.sheet_no, p.source_row, t.completed, m.action_no
    from target_sheets as t
    inner join staged_progress_reports as p on t.sheet_no = p.sheet_no
    inner join matched as m on m.kind = 'progress_reports' and p.row_no = m.row_no
    where t.completed <> 'latest'
),

said as (
    select
        r.sheet_no,
        r.source_row,
        r.action_no,
        r.row_no,
        r.counts_from,
        r.status_code,
        c.base_status,
        r.percent,
        r.completed_on
    from report_rows as r
    semi join targets as t on r.sheet_no = t.sheet_no and r.action_no = t.action_no
    left join codelist_codes as c on c.codelist = 'statuses' and r.status_code = c.code
),

days as (select distinct sheet_no, action_no, counts_from as on_day from said),

-- The status of each target on each day: its latest report by then, or nothing.
known as (
    select
        d.sheet_no,
        d.action_no,
        d.on_day,
        t.completed,
        t.source_row,
        max_by(s, (s.counts_from, s.row_no)) as latest
    from days as d
    inner join targets as t on d.sheet_no = t.sheet_no and d.action_no = t.action_no
    left join said as s
        on t.sheet_no = s.sheet_no and t.source_row = s.source_row and t.action_no = s.action_no
        and d.on_day >= s.counts_from
    group by d.sheet_no, d.action_no, d.on_day, t.completed, t.source_row
),

counted as (
    select
        sheet_no,
        action_no,
        on_day,
        completed,
        count(*) as targets,
        count(*) filter (latest.base_status = 'completed') as done,
        count(*) filter (latest.base_status is null) as unknown,
        count(*) filter (latest.base_status = 'in_progress') as going,
        count(*) filter (latest.base_status = 'not_started') as idle,
        case completed
            when 'any' then max(latest.percent)
            else if(count(latest.percent) = count(*), avg(latest.percent), null)
        end as percent,
        case completed
            when 'any' then min(latest.completed_on) filter (latest.base_status = 'completed')
            else if(count(latest.completed_on) = count(*), max(latest.completed_on), null)
        end as completed_on,
        list(distinct latest.status_code order by latest.status_code) as codes
    from known
    group by sheet_no, action_no, on_day, completed
),

judged as (
    select
        *,
        case
            when completed = 'any' and done > 0 then 'completed'
            when completed = 'any' and unknown > 0 then null
            when done = targets then 'completed'
            when done + unknown = targets then null
            when going + idle = 0 then 'discontinued'
            when going + done = 0 then 'not_started'
            else 'in_progress'
        end as base_status
    from counted
),

-- The campaign's own code where the targets with that base status all bear one, else the base status itself.
coded as (
    select
        j.sheet_no,
        j.action_no,
        j.on_day,
        if(count(distinct c.code) = 1, min(c.code), any_value(j.base_status)) as code
    from judged as j
    left join codelist_codes as c
        on c.codelist = 'statuses' and list_contains(j.codes, c.code) and j.base_status = c.base_status
    where j.base_status is not null
    group by j.sheet_no, j.action_no, j.on_day
)

select
    j.sheet_no,
    j.action_no,
    j.on_day,
    c.code as status_code,
    j.percent,
    if(j.base_status = 'completed', j.completed_on, null) as completed_on
from judged as j
left join coded as c on j.sheet_no = c.sheet_no and j.action_no = c.action_no and j.on_day = c.on_day;

update report_rows as r
set
    status_code = d.status_code,
    percent = d.percent,
    percent_written = if(r.percent between 0 and 100, null, r.percent_written),
    completed_on = d.completed_on
from target_days as d
where r.sheet_no = d.sheet_no and r.action_no = d.action_no and r.counts_from = d.on_day;

-- Which statuses would be in force if staff stated their day, chose one of two, or left a sheet out?
-- The day of a file: its statuses without a day count from it. A day that is not suggested (answer: empty) gives the
-- same figures as the campaign's last one, unless its actions have reports with days beside them.
-- Nothing without: questions_found where kind = 'day'.
insert into answered_reports
with suggested as (
    select sheet_no, field, unnest(list_transform(candidates, lambda one: one['value'])) as answer
    from questions_found
    where kind = 'day'
),

untold as (
    select u.statuses, k.*
    from untold_statuses as u
    inner join kept_reports as k on u.sheet_no = k.sheet_no and u.round_no is not distinct from k.round_no
    where k.is_day_untold
),

beside as (
    select u.sheet_no, u.statuses as field
    from untold as u
    inner join kept_reports as o on u.action_no = o.action_no and o.counts_from is not null
    where not o.is_day_untold or u.sheet_no <> o.sheet_no or u.round_no is distinct from o.round_no
),

days as (
    select sheet_no, field, answer from suggested
    union all
    select q.sheet_no, q.field, ''
    from questions_found as q
    anti join beside as b on q.sheet_no = b.sheet_no and q.field = b.field
    where q.kind = 'day'
)

select
    'day',
    d.sheet_no,
    d.field,
    d.answer,
    u.report_no,
    u.action_no,
    case when d.answer = 'rows' then u.submitted_at_day else coalesce(try_cast(d.answer as date), c.ends_on) end,
    true,
    u.submitted_at,
    u.status_code
from days as d
cross join snapshot.campaign as c
inner join untold as u on d.sheet_no = u.sheet_no and d.field = u.statuses
where d.answer <> 'rows' or u.submitted_at_day is not null;

-- One of two statuses: the others are not in force.
-- Nothing without: contested_statuses.
insert into answered_reports
with answers as (
    select *, 'upper' as answer, place = 1 as counts from contested_statuses
    union all
    select *, 'lower', place_from_below = 1 from contested_statuses
)

select
    'two_statuses',
    a.sheet_no,
    null,
    a.answer,
    a.row_no + if(a.kind = 'actions', (select coalesce(max(row_no), 0) from staged_progress_reports), 0),
    a.action_no,
    if(a.counts, a.counts_from, null),
    a.is_day_of_file,
    a.submitted_at,
    a.status_code
from answers as a
anti join report_repeats as p on a.kind = p.kind and a.row_no = p.row_no;

-- Of the reports of an action the last one is in force: ordered as in `79_report_spells`, days far beyond the campaign
-- aside.
-- Nothing without: answered_reports.
insert into figure_changes
with asked as (
    select distinct kind, sheet_no, coalesce(field, '') as field, answer, action_no
    from answered_reports
    where action_no is not null
),

reports as (
    select * replace (coalesce(field, '') as field) from answered_reports
    union all
    select
        a.kind,
        a.sheet_no,
        a.field,
        a.answer,
        k.report_no,
        k.action_no,
        k.counts_from,
        k.is_day_of_file,
        k.submitted_at,
        k.status_code
    from asked as a
    inner join kept_reports as k on a.action_no = k.action_no
    anti join answered_reports as r
        on a.kind = r.kind and a.sheet_no = r.sheet_no and a.field = coalesce(r.field, '') and a.answer = r.answer
        and k.report_no = r.report_no
),

last_ones as (
    select
        r.kind,
        r.sheet_no,
        r.field,
        r.answer,
        r.action_no,
        arg_max(
            coalesce(o.base_status, ''),
            (r.counts_from, not r.is_day_of_file, coalesce(r.submitted_at, timestamptz '0001-01-01'), r.report_no)
        ) as status
    from reports as r
    cross join snapshot.campaign as c
    left join codelist_codes as o on o.codelist = 'statuses' and r.status_code = o.code
    where r.counts_from <= c.ends_on + 366
    group by r.kind, r.sheet_no, r.field, r.answer, r.action_no
),

in_force as (
    select s.action_no, s.status
    from snapshot.report_spells as s
    inner join snapshot.campaign as c on s.valid_from <= c.last_date and s.valid_to > c.last_date
),

changes as (
    select
        a.kind,
        a.sheet_no,
        a.field,
        a.answer,
        count(l.action_no) - count(i.action_no) as reported,
        count(*) filter (l.status = 'completed') - count(*) filter (i.status = 'completed') as completed,
        count(i.status) - count(nullif(l.status, '')) as unknown
    from asked as a
    left join last_ones as l
        on a.kind = l.kind and a.sheet_no = l.sheet_no and a.field = l.field and a.answer = l.answer
        and a.action_no = l.action_no
    left join in_force as i on a.action_no = i.action_no
    group by a.kind, a.sheet_no, a.field, a.answer
)

select
    kind,
    sheet_no,
    nullif(field, ''),
    answer,
    unnest(['reported', 'completed', 'unknown']),
    unnest([reported, completed, unknown])
from changes;

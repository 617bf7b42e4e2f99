-- The reports of the snapshot, each with the texts of its row: survey answers, then the registers' own.
-- Grain: one row a report.
-- Nothing without: kept_reports.
insert into snapshot.progress_reports
with written as (
    select
        k.*,
        case
            when not s.in_register then report_key(s) || coalesce('/' || s.round_no, '') || coalesce('~' || y.nth, '')
        end as written_key,
        q.report_key as shown_key,
        s.stakeholder,
        s.title,
        s.language,
        s.narrative,
        s.evidence,
        s.reviewed_by,
        s.reviewed_on,
        s.verified_by,
        s.verified_on
    from kept_reports as k
    inner join staged_progress_reports as s on k.row_no = s.row_no
    left join numbered_keys as y on s.row_no = y.row_no
    left join shown_report_keys as q on s.row_no = q.row_no
    where k.kind = 'progress_reports'
    union all by name
    select
        k.*,
        s.stakeholder,
        s.title,
        s.language,
        s.narrative,
        s.evidence,
        s.reviewed_by,
        s.reviewed_on,
        s.verified_by,
        s.verified_on
    from kept_reports as k
    inner join staged_actions as s on k.row_no = s.row_no
    where k.kind = 'actions'
)

select
    r.report_no,
    case
        when r.written_key is not null then coalesce(r.shown_key, r.written_key)
        else 'rs_' || left(md5(concat_ws(chr(31), k.action_id, coalesce(r.status_code, ''), coalesce(r.wave, ''))), 12)
    end,
    r.report_id,
    r.action_no,
    k.action_id,
    coalesce(h.name, r.stakeholder),
    r.title,
    r.counts_from,
    r.is_day_of_file,
    r.submitted_at,
    c.base_status,
    r.status_code,
    case when r.percent between 0 and 100 then r.percent end,
    r.completed_on,
    r.wave,
    l.code,
    r.narrative,
    r.matched_by,
    f.source_file,
    f.sheet,
    r.source_row,
    case
        when c.base_status is null then null
        when r.verified_by is not null or r.verified_on is not null then 'verified'
        when r.reviewed_by is not null or r.reviewed_on is not null then 'reviewed'
        when r.evidence is not null then 'evidenced'
        else 'claimed'
    end,
    r.evidence,
    r.reviewed_on,
    r.verified_on
from written as r
inner join sheets as f on r.sheet_no = f.sheet_no
left join shown_names as h on r.stakeholder = h.spelling
left join kept_actions as k on r.action_no = k.action_no
left join codelist_codes as c on c.codelist = 'statuses' and r.status_code = c.code
left join cell_codes as l on l.field = 'language' and r.sheet_no = l.sheet_no and r.language = l.cell;

-- The reports of each action in order: the latest day decides, within a day the last submitted; a report on its file's
-- day comes before those with a day of their own, and the status that staff set aside before the one that counts. One
-- without any day is in force on none.
-- They are sorted once, and each is seen beside those before and
-- after it as they come (`over ()`). run_no: reports that follow one another with the same base status; first_of_run:
-- the first of them, and last_stated: the last report, of any action, that states a day of completion (`day_at`).
-- Grain: one row a report about an action.
-- Nothing without: snapshot.progress_reports.
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

-- The reports of the snapshot, each with the texts of its row: survey answers, then the registers' own.
-- Grain: one row a report.
insert into snapshot.progress_reports
with written as (
    select
        'progress_reports' as kind,
        s.row_no,
        s.sheet_no,
        case when not s.in_register then report_key(s) || coalesce('/' || s.round_no, '') end as report_key,
        s.stakeholder,
        s.title,
        s.language,
        s.narrative,
        s.evidence,
        s.reviewed_by,
        s.reviewed_on,
        s.verified_by,
        s.verified_on
    from staged_progress_reports as s
    union all by name
    select
        'actions' as kind,
        row_no,
        sheet_no,
        stakeholder,
        title,
        language,
        narrative,
        evidence,
        reviewed_by,
        reviewed_on,
        verified_by,
        verified_on
    from staged_actions
)

select
    r.report_no,
    case
        when s.report_key is not null then coalesce(q.report_key, s.report_key || coalesce('~' || y.nth, ''))
        else 'rs_' || left(md5(concat_ws(chr(31), k.action_id, coalesce(r.status_code, ''), coalesce(r.wave, ''))), 12)
    end,
    r.report_id,
    r.action_no,
    k.action_id,
    coalesce(h.name, s.stakeholder),
    s.title,
    r.counts_from,
    r.submitted_at,
    c.base_status,
    r.status_code,
    case when r.percent between 0 and 100 then r.percent end,
    r.completed_on,
    r.wave,
    l.code,
    s.narrative,
    r.matched_by,
    f.source_file,
    f.sheet,
    r.source_row,
    case
        when c.base_status is null then null
        when s.verified_by is not null or s.verified_on is not null then 'verified'
        when s.reviewed_by is not null or s.reviewed_on is not null then 'reviewed'
        when s.evidence is not null then 'evidenced'
        else 'claimed'
    end,
    s.evidence,
    s.reviewed_on,
    s.verified_on
from kept_reports as r
inner join written as s on r.kind = s.kind and r.row_no = s.row_no
left join numbered_keys as y on r.kind = 'progress_reports' and r.row_no = y.row_no
left join shown_report_keys as q on r.kind = 'progress_reports' and r.row_no = q.row_no
inner join sheets as f on r.sheet_no = f.sheet_no
left join shown_names as h on s.stakeholder = h.spelling
left join kept_actions as k on r.action_no = k.action_no
left join codelist_codes as c on c.codelist = 'statuses' and r.status_code = c.code
left join cell_codes as l on l.field = 'language' and s.sheet_no = l.sheet_no and s.language = l.cell;

-- The reports of each action in order: the latest day decides, within a day the last submitted, and a report without
-- any date of its own comes before those that have one.
-- Grain: one row a report about an action.
create table ordered_reports as
select
    r.report_no,
    r.action_no,
    r.counts_from,
    lead(r.counts_from, 1, date '9999-12-31') over in_order as next_on,
    row_number() over in_order as place,
    c.base_status,
    r.status_code,
    case when r.percent between 0 and 100 then r.percent end as percent,
    r.completed_on,
    f.source_file
from kept_reports as r
inner join sheets as f on r.sheet_no = f.sheet_no
left join codelist_codes as c on c.codelist = 'statuses' and r.status_code = c.code
where r.action_no is not null
window in_order as (
    partition by r.action_no
    order by
        r.counts_from,
        coalesce(r.reported_on, r.submitted_at_day) is not null,
        r.submitted_at nulls first,
        r.report_no
);

-- From which day to which day each report is the latest one.
insert into snapshot.report_spells
select action_no, counts_from, next_on, report_no, base_status, status_code, percent, completed_on, source_file
from ordered_reports
where counts_from < next_on
order by action_no, counts_from;

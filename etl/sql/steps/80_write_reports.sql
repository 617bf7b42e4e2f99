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

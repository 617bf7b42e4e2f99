-- Which evidence supports one action's status on a day, step by step, and what did staff note about it? Counted are the
-- steps, done by then, of the reports in a row that state this status. Without any, the status is claimed.
-- Grain: one row a report and step, the first step first, then the earliest report; none without an understood status.
-- Parameters: action_id, as_of.
with reports as (
    select
        report_no,
        report_key,
        reported_on,
        status,
        status_code,
        row_number() over (order by reported_on desc, submitted_at desc nulls last, report_no desc) as place
    from progress_reports
    where action_id = $action_id and reported_on <= $as_of
),

other as (
    select min(r.place) as place
    from reports as r
    inner join reports as latest on latest.place = 1 and r.status is distinct from latest.status
)

select
    s.step,
    s.on_date,
    s.source,
    s.decided_by,
    s.decided_on,
    s.line,
    d.note,
    r.report_key,
    r.reported_on,
    r.status,
    r.status_code,
    r.place
from reports as r
inner join evidence_steps as s on r.report_no = s.report_no
cross join other as o
left join decisions as d on s.line = d.line
where
    (o.place is null or r.place < o.place)
    and (coalesce(s.on_date, r.reported_on) <= $as_of or $as_of >= (select c.last_date from campaign as c))
order by list_position(['claimed', 'evidenced', 'reviewed', 'verified'], s.step), r.place desc

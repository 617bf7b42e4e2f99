-- Which reports do the actions of a selection have until the day, in the order of time?
-- Grain: one row a progress report, the latest first; `found` is how many there are in all.
-- Parameters: selection; most.
select
    r.action_id,
    a.title,
    a.language,
    r.reported_on,
    coalesce(r.status, 'unclassified') as status,
    r.status_code,
    r.percent,
    r.narrative,
    r.language as narrative_language,
    count(*) over () as found
from progress_reports as r
inner join actions as a on r.action_no = a.action_no
where
    r.reported_on <= $as_of
    and r.action_no in (
        select c.action_no
        from counted_actions($selection) as c
    )
order by r.reported_on desc, r.submitted_at desc nulls last, r.report_no desc
limit $most

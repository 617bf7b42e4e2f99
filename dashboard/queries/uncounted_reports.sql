-- How many reports about an action are in no figure because of their day: it is not stated, or after the figures' day?
-- Grain: one row.
-- Parameters: today (no report of a later day counts yet).
select
    count(*) as reports,
    count(*) filter (r.reported_on is null) as without_day,
    count(*) filter (r.reported_on > c.last_date) as too_late,
    min(r.reported_on) filter (r.reported_on > c.last_date) as first_too_late,
    max(r.reported_on) filter (r.reported_on > c.last_date) as last_too_late,
    count(*) filter (r.reported_on <= least(c.last_date, $today::date)) as counted,
    min(r.reported_on) as first_day,
    max(r.reported_on) as last_day,
    any_value(c.ends_on) as ends_on
from progress_reports as r
cross join campaign as c
where r.action_no is not null

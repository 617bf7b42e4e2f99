-- Which published reports of this key state a status of an action, and since when?
-- Grain: one row a report, the first that was given first. Parameters: asked, the key.
select report_key, reported_on
from snapshot.progress_reports
where report_key = $asked and action_no is not null and status is not null
order by reported_on, report_no
limit 20;

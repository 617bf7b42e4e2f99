-- Does a report of this key stand in the published data?
-- Grain: one row a report. Parameters: asked, the key.
select report_key, concat_ws(': ', stakeholder, action_title)
from snapshot.progress_reports
where report_key = $asked
order by report_no
limit 20;

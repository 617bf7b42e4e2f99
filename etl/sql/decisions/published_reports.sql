-- Does a survey's report of this key stand in the published data? Those of registers (rs_...) belong where they stand.
-- Grain: one row a report.
-- Parameters: asked (the key).
select report_key, concat_ws(': ', stakeholder, action_title)
from snapshot.progress_reports
where report_key = $asked and not starts_with(report_key, 'rs_')
order by report_no
limit 20;

-- Which titles of reports are compared with those of the actions that they may belong to?
-- Grain: one row a report and action.
select distinct s.subject_no, c.action_no, s.title_key, k.title_key
from report_candidates as c
inner join report_subjects as s on c.subject_no = s.subject_no
inner join action_keys as k on c.action_no = k.row_no
where s.title_key <> ''

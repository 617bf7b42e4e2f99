-- severity: error
-- Which numbers stand for more than one action, report or milestone?
-- Grain: one row an offending number.
select 'actions' as numbered, action_no as number from snapshot.actions group by action_no having count(*) > 1
union all
select 'progress_reports', report_no from snapshot.progress_reports group by report_no having count(*) > 1
union all
select 'milestones', milestone_no from snapshot.milestones group by milestone_no having count(*) > 1

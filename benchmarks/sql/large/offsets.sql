-- By how much do the numbers of one copy differ from those of the next, and which dimensions are there, in order?
-- Grain: one row.
-- Parameters: none.
select
    (select max(action_no) from source.actions) as actions,
    (select max(report_no) from source.progress_reports) as reports,
    (select list(distinct dimension order by dimension) from source.action_members) as dimensions

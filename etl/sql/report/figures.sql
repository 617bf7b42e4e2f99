-- Which headline figures does the snapshot show on its last day (as `headline.sql` counts them)? What else it holds
-- stands behind those that a history keeps.
-- Grain: one row.
with in_force as (
    select s.action_no, s.status
    from snapshot.report_spells as s
    cross join snapshot.campaign as c
    where s.valid_from <= c.last_date and c.last_date < s.valid_to
)

select
    (select count(*) from snapshot.actions) as actions,
    (select count(*) from in_force) as reported,
    (select count(*) from in_force where status = 'completed') as completed,
    (select count(*) from snapshot.progress_reports) as reports,
    (select count(*) from snapshot.progress_reports where action_no is null) as reports_without_action,
    (select count(*) from snapshot.rejected_rows) as rejected,
    (select count(*) from snapshot.actions where category is null) as without_category,
    (select count(*) from snapshot.actions where scope is null) as without_place,
    (select last_date::varchar from snapshot.campaign) as last_date;

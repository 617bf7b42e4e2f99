-- What does the snapshot hold?
-- Grain: one row.
select
    (select count(*) from snapshot.actions) as actions,
    (select count(*) from snapshot.progress_reports) as reports,
    (select count(*) from snapshot.progress_reports where action_no is null) as reports_without_action,
    (select count(*) from snapshot.actions where category is null) as without_category,
    (select count(*) from snapshot.actions where scope is null) as without_place,
    (select count(*) from snapshot.report_spells where valid_to = date '9999-12-31' and status = 'completed')
        as completed,
    (select last_date::varchar from snapshot.campaign) as last_date;

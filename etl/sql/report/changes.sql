-- What would publishing change, compared with the snapshot that is published now (`published`)?
-- Grain: one row.
with before_and_after as (
    select
        old.action_id is null as is_new,
        new.action_id is null as is_gone,
        hash(old.title, old.stakeholder, old.stakeholder_group, old.category, old.scope, old.due_on, old.description)
        <> hash(
            new.title, new.stakeholder, new.stakeholder_group, new.category, new.scope, new.due_on, new.description
        ) as differs
    from published.actions as old
    full join snapshot.actions as new on old.action_id = new.action_id
)

select
    count(*) filter (is_new) as actions_added,
    count(*) filter (not is_new and not is_gone and differs) as actions_changed,
    count(*) filter (is_gone) as actions_removed,
    (select count(*) from snapshot.progress_reports)
    - (select count(*) from published.progress_reports) as reports_added,
    (select count(*) from snapshot.rejected_rows)
    - (select count(*) from published.rejected_rows) as rejected_added,
    (
        select count(*) from published.report_spells where valid_to = date '9999-12-31' and status = 'completed'
    ) as completed_before,
    (
        select count(*) from snapshot.report_spells where valid_to = date '9999-12-31' and status = 'completed'
    ) as completed_after
from before_and_after;

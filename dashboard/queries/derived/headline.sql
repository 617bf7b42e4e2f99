-- What is the result of `headline.sql` for all actions or those of one member, on the last day?
-- Grain: one row for the actions that are alike in all of this, as there.
-- Parameters: of_dimension, of_member (`all` for all).
select
    status_no,
    is_overdue,
    is_on_time,
    source_file,
    classification_file,
    report_file,
    actions,
    milestones_due,
    milestones_reached
from standings
where dimension = $of_dimension and member = $of_member

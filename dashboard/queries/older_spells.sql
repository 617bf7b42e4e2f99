-- For snapshots that were built before `report_spells` said which file a report came from.
-- Grain: one row a spell, as in the table that this view stands before.
create view report_spells as
select
    s.*,
    r.source_file
from snapshot.report_spells as s
inner join snapshot.progress_reports as r on s.report_no = r.report_no

-- Which file does a report in force come from, where `report_spells` does not say it, as in older snapshots?
-- Grain: one row a spell, as in the table that this view stands before.
-- Parameters: none.
create view report_spells as
select
    s.*,
    r.source_file
from snapshot.report_spells as s
inner join snapshot.progress_reports as r on s.report_no = r.report_no

-- severity: error
-- Which actions have two reports in force on the same day?
-- Grain: one row an offending pair.
select a.action_no, a.report_no, b.report_no as other_report_no
from snapshot.report_spells as a
inner join snapshot.report_spells as b
    on a.action_no = b.action_no
    and a.report_no < b.report_no
    and a.valid_from < b.valid_to
    and a.valid_to > b.valid_from;

"""As if staff had noted the second report of the action FIX-001 as verified, for `tests.quality_rows`."""

NOTED = """
insert into evidence_steps
select
    action_no, action_id, report_no, 'verified', '2021-12-20',
    'https://example.org/audit?a=1&b=2', 'staff', '2021-12-31', 99
from progress_reports
where report_no = 2;
insert into decisions values (99, 'evidence', 'report', 'R-2', 'verified', 'By telephone', true, null);
"""

"""Progress reported by link: what a stakeholder's link opens, and the reports that wait for staff.

    staff or a letter ─▶ link ─▶ page behind it ─▶ report, waiting ─▶ accepted: a row of the inbox ─▶ build ─▶ figures
                                                                    └▶ set aside, with a reason

A link is the campaign's: for the actions of one stakeholder, with a last day, and staff can end it. A report is one
answer about one action. It waits in `private/reports/` as a file of its own, which is written whole or not at all, and
changes no figure. Accepting it appends rows to files of the inbox (`etl/inputs/reports_file.py`), which shipped recipes
read as any other export: account, lineage, undo, “as of” and forgetting are those of the inbox.

A file that is handed in with a report is cleaned by a worker, and stands in `private/evidence/` as long as a report
names it, or it is public.

A promise, which is a new action, comes by a form that is open to anybody, and its link by a mail that confirms it.
"""

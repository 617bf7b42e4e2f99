-- Which issue of the newsletter is made?
-- Grain: one row an issue.
-- Parameters: issue_id, now, known_until, build_id, entries.
insert into issues (issue_id, made_at, known_until, build_id, entries)
values ($issue_id, $now, $known_until, $build_id, $entries)

-- How many lines of the audit log cannot be read?
-- Grain: one row.
-- Parameters: files (of the log).
select count(*) as lines
from audit_lines($files)
where act is null or moment is null

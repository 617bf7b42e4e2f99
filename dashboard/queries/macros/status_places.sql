-- Macros that say of a base status which place it has, and whether it is known.

-- Grain: one report. The place of its status in a stacked bar, from 1 to 4 for an understood base status. A number is
-- compared several times faster than a text, and every measure counts by status.
create macro place_status(status) as
(case status when 'completed' then 1 when 'in_progress' then 2 when 'not_started' then 3 when 'discontinued' then 4
else 5 end)::utinyint;

-- Grain: one action or report. Whether its progress is unknown: no understood status, or no report (6).
create macro is_unknown(status_no) as status_no >= 5;

-- The decisions of staff, line by line, and whether the files still hold their subjects.
-- Grain: one row a line of decisions.csv.
-- Nothing without: decided.
update decided
set why_not = 'what stands under "this" is not in the files'
where verb = 'evidence' and why_not is null and this not in (
    select r.report_key
    from snapshot.progress_reports as r
    semi join decided as d on d.verb = 'evidence' and r.report_key = d.this
    where r.action_no is not null and r.status is not null
);

-- Nothing without: decided.
insert into snapshot.decisions
select
    line,
    verb,
    subject,
    this,
    nullif(that, ''),
    nullif(note, ''),
    why_not is null,
    why_not
from decided
order by line;

-- Under which ids were submissions sent that are now part of another one's action? One without an id has a name.
-- Grain: one row a merged submission that can be told apart from its action.
insert into snapshot.merged_submissions
with named as (
    select
        k.row_no,
        if(
            k.submission_id is null and k.stakeholder_key in (select key from person_keys),
            hidden_id(coalesce(n.name, k.own_id)),
            coalesce(n.name, k.own_id)
        ) as known_as
    from action_keys as k
    left join submission_names as n on k.row_no = n.row_no
)

select n.known_as, a.action_id, f.source_file, f.sheet, s.source_row
from action_groups as g
inner join named as n on g.row_no = n.row_no
inner join kept_actions as a on g.kept_row = a.row_no
inner join staged_actions as s on g.row_no = s.row_no
inner join sheets as f on s.sheet_no = f.sheet_no
where g.row_no <> g.kept_row and n.known_as <> a.action_id
order by g.row_no;

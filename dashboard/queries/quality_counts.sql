-- How many rows does each section have?
-- Grain: one row. Pairs of stakeholders belong to no file.
-- Parameters: file (null: all).
with themed as (select distinct action_no from action_themes),

words as (
    select (if(field in ('countries', 'regions'), 'places', field), word_key) as word
    from unmatched_values
    where word_key is not null and ($file is null or source_file = $file)
),

orphans as (
    select report_key from progress_reports where action_no is null and ($file is null or source_file = $file)
),

pairs as (
    select d.kind, d.left_id
    from suggested_duplicates as d
    where
        $file is null
        or (d.kind = 'report' and d.left_id in (select report_key from orphans))
        or (d.kind like 'event%' and d.left_id in (select id from events where source_file = $file))
        or (d.kind like 'story%' and d.left_id in (select id from stories where source_file = $file))
        or (
            d.kind = 'action'
            and exists (
                select 1 from actions as a where a.source_file = $file and a.action_id in (d.left_id, d.right_id)
            )
        )
),

findings as (
    select severity, rows_found from check_totals where $file is null
    union all
    select r.severity, 1
    from check_results as r
    left join check_totals as t on r.check_id = t.check_id
    where r.source_file = $file or ($file is null and t.check_id is null)
)

select
    (select count(*) from input_files where $file is null or source_file = $file) as files,
    (select count(*) from input_columns where use = 'open' and ($file is null or source_file = $file)) as open_columns,
    (select count(*) from rejected_rows where $file is null or source_file = $file) as rejected,
    (select count(*) from unmatched_values where $file is null or source_file = $file) as unmatched,
    (select count(distinct word) from words) as words,
    (select count(*) from pairs where kind = 'stakeholder') as stakeholders,
    (select count(*) from pairs where kind = 'action') as actions,
    (select count(distinct left_id) from pairs where kind = 'report') as reports,
    (select count(distinct kind || left_id) from pairs where kind in ('event', 'story')) as posts,
    (select count(*) from pairs where kind in ('event_version', 'story_version')) as versions,
    (select count(*) from gone_actions where not is_settled and ($file is null or source_file = $file)) as gone,
    (select count(*) from orphans) as orphans,
    (select count(*) from decisions) as decisions,
    (
        select count(*)
        from actions as a
        left join themed as t on a.action_no = t.action_no
        where
            (a.stakeholder_group is null or a.category is null or t.action_no is null or a.scope is null)
            and ($file is null or a.source_file = $file)
    ) as unclassified,
    (select coalesce(sum(rows_found), 0)::bigint from findings where severity = 'warning') as warnings,
    (select coalesce(sum(rows_found), 0)::bigint from findings where severity = 'note') as notes

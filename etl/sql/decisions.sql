-- The objects of staff's decisions, in the work database and in the published snapshot.

-- query: action_nodes
-- Which action does each id in decisions.csv mean? The register's id, else a submission's, else one written
-- another way.
-- Grain: one row an id that is found, with the kept submissions of all actions that it may mean.
-- Parameters: asked, the ids.
with asked as (select distinct unnest($asked::varchar[]) as words),

found as (
    select a.words, o.row_no, 1 as rank from asked as a inner join own_actions as o on a.words = o.action_id
    union
    select a.words, n.row_no, 1 from asked as a inner join nameless_actions as n on a.words = n.action_id
    union
    select a.words, g.kept_row, 2
    from asked as a
    inner join action_keys as k on a.words = k.own_id
    inner join own_groups as g on k.row_no = g.row_no
    union
    select a.words, g.kept_row, 2
    from asked as a
    inner join action_keys as k on k.submission_id is null and a.words = hidden_id(k.own_id)
    inner join own_groups as g on k.row_no = g.row_no
    union
    select a.words, g.kept_row, 2
    from asked as a
    inner join submission_names as n on a.words in (n.name, hidden_id(n.name))
    inner join own_groups as g on n.row_no = g.row_no
    union
    select a.words, g.kept_row, 3
    from asked as a
    inner join action_keys as k on loose_id(a.words) in (loose_id(k.submission_id), loose_id(k.submission_ref))
    inner join own_groups as g on k.row_no = g.row_no
),

best as (select *, min(rank) over (partition by words) as best from found)

select words, list(distinct row_no order by row_no)
from best
where rank = best
group by words;

-- query: keys
-- Which key compares each text of decisions.csv with the others, before any file is read?
-- Grain: one row a text. Parameters: asked, the texts.
select
    words,
    case
        when regexp_full_match(words, 'st_[0-9a-f]{12}') then words
        else coalesce(stakeholder_id(name_key(words)), words)
    end as stakeholder,
    loose_id(words) as action
from (select distinct unnest($asked::varchar[]) as words) as asked;

-- query: name_keys
-- Which keys do the names and ids of stakeholders in decisions.csv have before anything is decided?
-- Grain: one row a name or id that is found. Parameters: asked, the names and ids.
with asked as (select distinct unnest($asked::varchar[]) as words),

keyed as (select spelling, coalesce(base_key || '@' || home, base_key) as key from stakeholder_names),

found as (
    select a.words, k.key from asked as a inner join keyed as k on a.words = k.spelling
    union
    select a.words, k.key from asked as a inner join keyed as k on a.words = stakeholder_id(k.key)
)

select words, list(key order by key) from found group by words;

-- query: names_apart
-- Two spellings with the same key that staff told apart: the second one gets a key of its own.
-- Grain: one row a `different` decision.
-- Parameters: this, that: two names or ids of stakeholders; that is a name.
update stakeholder_names
set base_key = other.base_key || '#' || case when other.is_alike then other.spelling else other.folded end
from (
    select b.base_key, b.folded, b.spelling, a.folded = b.folded as is_alike
    from stakeholder_names as a
    inner join stakeholder_names as b on a.base_key = b.base_key and a.home is not distinct from b.home
    where b.spelling = $that and $this in (a.spelling, stakeholder_id(a.base_key || coalesce('@' || a.home, '')))
        and a.spelling <> b.spelling
    order by a.spelling = $this desc, a.folded = b.folded, a.spelling
    limit 1
) as other
where stakeholder_names.base_key = other.base_key
    and case
        when other.is_alike then stakeholder_names.spelling = other.spelling
        else stakeholder_names.folded = other.folded
    end;

-- query: no_people
-- The private store where there is none: it names no person.
create table private.people (stakeholder_id varchar, own_id varchar, name varchar, spelling varchar);

-- query: open_values
-- Which values do some columns of a sheet hold, in its first rows?
-- Grain: one row a column (from 1) and distinct value.
-- Parameters: columns, rows.
select column_name[2:]::integer as column_no, value, count(*) as row_count
from (
    unpivot (select columns('^c\d+$') from raw_0 order by source_row limit $rows)
    on columns(*) into name column_name value value
)
where list_contains($columns::integer[], column_name[2:]::integer)
group by column_no, value;

-- query: people_ids
-- Which id compares each text of decisions.csv that is the name of a person with the others?
-- Grain: one row a text that is such a name. Parameters: asked, the texts.
select a.words, min(p.own_id)
from (select distinct unnest($asked::varchar[]) as words) as a
inner join private.people as p on a.words = p.spelling or name_key(a.words) = name_key(p.spelling)
group by a.words;

-- query: published_actions
-- Which published action does an id mean: by its own id, or by one of its submissions?
-- Grain: one row a published action that is meant.
-- Parameters: asked, the id.
with known as (
    select action_id as id, action_id, 1 as rank from snapshot.actions
    union all
    select submission_id, action_id, 2 from snapshot.actions where submission_id is not null
    union all
    select submission_id, action_id, 2 from snapshot.merged_submissions
),

found as (
    select action_id, if(id = $asked, rank, 3) as rank from known where loose_id(id) = loose_id($asked)
),

judged as (select *, min(rank) over () as best from found)

select distinct a.action_id, a.title
from judged as f
inner join snapshot.actions as a on f.action_id = a.action_id
where f.rank = f.best
order by 1
limit 20;

-- query: published_gone
-- Is there an action of this id that the newest version of its register no longer holds?
-- Grain: one row such an action. Parameter: asked.
select action_id
from snapshot.gone_actions
where action_id = $asked;

-- query: published_names
-- Which published stakeholder does a name or an id mean, and which is the nearest where none is meant?
-- Grain: one row a published stakeholder that is meant, else one row with the nearest name.
-- Parameters: asked, the name or id.
with spelled as (
    select stakeholder_id, name, unnest(list_distinct(list_append(spellings, name))) as spelling
    from snapshot.stakeholders
    union all
    select stakeholder_id, name, spelling from private.people
    union all
    select stakeholder_id, name, own_id from private.people
),

ranked as (
    select
        stakeholder_id,
        name,
        case
            when stakeholder_id = $asked then 1
            when spelling = $asked then 2
            when name_key(spelling) = name_key($asked) then 3
            else 4
        end as rank,
        jaro_winkler_similarity(fold(spelling), fold($asked)) as likeness
    from spelled
),

judged as (select *, min(rank) over () as best from ranked)

select stakeholder_id, any_value(name), any_value(best) < 4
from judged
where rank = best
group by stakeholder_id
qualify any_value(best) < 4 or row_number() over (order by max(likeness) desc, stakeholder_id) = 1
order by stakeholder_id
limit 20;

-- query: published_posts
-- Is an event or story with this id published?
-- Grain: one row, or none. Parameters: asked, the id; kind (event, story).
select 1
from snapshot.post_texts
where kind = $kind and id = $asked
union
select 1
from snapshot.suggested_duplicates
where kind = $kind || '_version' and $asked in (left_id, right_id);

-- query: published_reports
-- Does a survey's report of this key stand in the published data? Those of registers (rs_...) belong where they stand.
-- Grain: one row a report.
-- Parameters: asked (the key).
select report_key, concat_ws(': ', stakeholder, action_title)
from snapshot.progress_reports
where report_key = $asked and not starts_with(report_key, 'rs_')
order by report_no
limit 20;

-- query: published_statuses
-- Which published reports of this key state a status of an action, and since when?
-- Grain: one row a report, the first that was given first. Parameters: asked, the key.
select report_key, reported_on
from snapshot.progress_reports
where report_key = $asked and action_no is not null and status is not null
order by reported_on, report_no
limit 20;

-- query: rename_stakeholder
-- The new name of a stakeholder; the first decision counts.
insert into renamed_stakeholders
select $key, $name
where not exists (select 1 from renamed_stakeholders where key = $key);

-- query: roots_changed
-- How many submissions got another root in this round?
select count(*)
from action_roots_next as n
inner join action_roots as r on n.row_no = r.row_no and n.root <> r.root;

-- query: roots_mixed
-- Which linked submissions bear ids that name different actions?
-- Grain: one row a root.
select r.root
from action_roots as r
inner join action_keys as k on r.row_no = k.row_no
group by r.root
having min(without_zeros(k.named_action)) <> max(without_zeros(k.named_action));

-- query: settle_stakeholders
-- Two stakeholders that staff told apart: they are no question any more.
insert into settled_pairs values ($this, $that);

-- query: stakeholder_nodes
-- Which stakeholder does each name or id in decisions.csv mean? An id, else a spelling, else a name with the same key.
-- Grain: one row a name or id that is found, with the keys of all that it may mean.
-- Parameters: asked, the names and ids.
with asked as (select distinct unnest($asked::varchar[]) as words),

found as (
    select a.words, w.key, 1 as rank from asked as a inner join written_keys as w on a.words = stakeholder_id(w.key)
    union
    select a.words, w.key, 1
    from asked as a
    inner join written_keys as w on a.words = hidden_id(stakeholder_id(w.key))
    union
    select a.words, w.key, 2 from asked as a inner join written_keys as w on a.words = w.spelling
    union
    select a.words, w.key, 3
    from asked as a
    inner join stakeholder_names as n on a.words = n.spelling
    inner join written_keys as w on n.base_key || coalesce('@' || n.home, '') = w.key
    union
    select a.words, w.key, 4
    from asked as a
    inner join stakeholder_names as n on a.words = n.spelling and n.home is null
    inner join written_keys as w on n.base_key = w.base_key
),

best as (select *, min(rank) over (partition by words) as best from found where key <> '')

select words, list(distinct key order by key)
from best
where rank = best
group by words;

-- query: submission_ids
-- Under which submission id does an id in decisions.csv stand in the files?
-- Grain: one row an id that is found, with the submission ids that it may mean.
-- Parameters: asked, the ids.
with asked as (select distinct unnest($asked::varchar[]) as words)

select a.words, list(distinct s.submission_id order by s.submission_id)
from asked as a
inner join staged_actions as s
    on loose_id(a.words) in (loose_id(s.submission_id), loose_id(s.submission_ref))
group by a.words;

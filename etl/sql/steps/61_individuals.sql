-- Which stakeholders are persons whose names are not public, and which names are theirs?
-- A person: one of its actions is in a group of individuals; or a submission said so and no action is in another group.
-- Grain: one row a stakeholder's key. Parameters: individuals, the codes of the groups; none where names are public.
-- First the cells that state it.
-- Nothing without: cell_codes.
create table said_cells as
select sheet_no, cell from cell_codes
where field = 'stakeholder_group' and list_contains($individuals::varchar[], code);

-- Nothing without: said_cells.
create table person_keys as
with said as (
    select k.stakeholder_key
    from staged_actions as s
    semi join said_cells as c on s.sheet_no = c.sheet_no and s.stakeholder_group = c.cell
    inner join action_keys as k on s.row_no = k.row_no
    union
    select k.stakeholder_key
    from staged_classification as s
    semi join said_cells as c on s.sheet_no = c.sheet_no and s.stakeholder_group = c.cell
    inner join matched as m on m.kind = 'classification' and s.row_no = m.row_no
    inner join action_keys as k on m.action_no = k.row_no
),

groups as (
    select k.stakeholder_key, coalesce(d.code, o.code) as code
    from action_keys as k
    semi join said as p on k.stakeholder_key = p.stakeholder_key
    inner join kept_actions as a on k.row_no = a.row_no
    inner join staged_actions as s on k.row_no = s.row_no
    left join
        cell_codes as o
    on o.field = 'stakeholder_group' and s.sheet_no = o.sheet_no and s.stakeholder_group = o.cell
    left join classified as l on a.action_no = l.action_no
    left join staged_classification as c on l.stakeholder_group_row = c.row_no
    left join
        cell_codes as d
    on d.field = 'stakeholder_group' and c.sheet_no = d.sheet_no and c.stakeholder_group = d.cell
)

select stakeholder_key as key
from groups
where stakeholder_key <> ''
group by stakeholder_key
having bool_or(list_contains($individuals, code)) or count(code) = 0;

-- The names of persons as written anywhere. `key`: the stakeholder; null where only a report or a rejected row has the
-- name, and states that it is a person, or the name is a person's with a word more or less.
-- Nothing without: said_cells.
create table hidden_names as
select w.spelling, min(coalesce(r.root, w.key)) as key
from written_keys as w
left join stakeholder_roots as r on w.key = r.key
semi join person_keys as p on coalesce(r.root, w.key) = p.key
group by w.spelling;

-- Nothing without: said_cells.
insert into hidden_names
with said as (
    select s.stakeholder as spelling
    from staged_actions as s
    semi join said_cells as c on s.sheet_no = c.sheet_no and s.stakeholder_group = c.cell
    where s.title is null and s.submission_id is null
    union
    select s.stakeholder
    from staged_classification as s
    semi join said_cells as c on s.sheet_no = c.sheet_no and s.stakeholder_group = c.cell
    anti join matched as m on m.kind = 'classification' and s.row_no = m.row_no
),

elsewhere as (
    select spelling, base_key from stakeholder_names where is_written and action_rows = 0
),

-- Words that identify somebody: neither single letters nor "of the".
every_word as (
    select 'person' as kind, key as name, unnest(list_distinct(string_split(split_part(key, '#', 1), ' '))) as word
    from person_keys
    union all
    select 'other', spelling, unnest(list_distinct(string_split(base_key, ' ')))
    from elsewhere
    where exists (from person_keys)
),

worded as (
    select w.*
    from every_word as w
    left join name_words as n on w.word = n.word
    where length(w.word) > 1 and n.meaning is distinct from ''
),

counted as (
    select kind, name, count(*) as words from worded group by all
),

shared as (
    select o.name as spelling, p.name as key, count(*) as words
    from worded as o
    inner join worded as p on o.word = p.word and o.kind = 'other' and p.kind = 'person'
    group by all
),

makers as (
    select n.spelling from stakeholder_names as n semi join action_keys as k on n.base_key = k.base_key
),

found as (
    select spelling from said where spelling is not null
    union
    select s.spelling
    from shared as s
    inner join counted as o on o.kind = 'other' and s.spelling = o.name
    inner join counted as p on p.kind = 'person' and s.key = p.name
    where s.words > 1 or s.words = least(o.words, p.words)
)

select spelling, null
from found
anti join hidden_names as h using (spelling)
anti join makers as m using (spelling)
where spelling <> '';

-- An action without an id of its own gets one without its maker's name.
-- Nothing without: person_keys.
create table renamed_ids as
select a.row_no, a.action_id as old_id, n.action_id as new_id
from nameless_actions as n
inner join kept_actions as a on n.row_no = a.row_no
inner join action_keys as k on a.row_no = k.row_no
semi join person_keys as p on k.stakeholder_key = p.key;

-- Nothing without: renamed_ids.
update kept_actions as a set action_id = r.new_id from renamed_ids as r where a.row_no = r.row_no;

-- Nothing without: renamed_ids.
update merged_away as m set kept_action_id = r.new_id from renamed_ids as r where m.kept_action_id = r.old_id;

-- The signs in a rejected row: the words for the groups of persons, and the keys of their names.
create table person_groups as
select s.folded
from cell_lists as l
inner join spellings as s on l.list = s.list
where l.field = 'stakeholder_group' and list_contains($individuals, s.code);

-- Nothing without: said_cells.
insert into person_groups
select distinct fold(cell) from said_cells;

-- Nothing without: hidden_names.
create table hidden_keys as
select distinct n.base_key
from hidden_names as h
inner join stakeholder_names as n on h.spelling = n.spelling
where n.base_key <> '';

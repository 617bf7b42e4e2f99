-- Which actions of one stakeholder are worth comparing?
-- Those with one title, each with the next; those whose titles hold the same numbers (or one none), of stakeholders
-- with few actions; of others those that came on one day. Never two rows with one title where one row is one action.
-- Grain: one row a pair. Parameters: actions, how many a stakeholder may have; pairs, how many at most.
create table maker_counts as
select stakeholder_id, count(*) as actions
from snapshot.actions
where stakeholder_id is not null
group by stakeholder_id
having count(*) > 1;

-- Nothing without: maker_counts.
create table action_pairs as
with several as (
    select
        a.action_no,
        a.stakeholder_id,
        a.submitted_on,
        c.actions,
        k.title_key,
        if(f.one_row_one_action, k.title_key, null) as row_title
    from snapshot.actions as a
    inner join maker_counts as c on a.stakeholder_id = c.stakeholder_id
    inner join action_keys as k on a.action_no = k.row_no
    inner join sheets as f on k.sheet_no = f.sheet_no
),

repeated as (
    select stakeholder_id, title_key
    from several
    where title_key <> '' and row_title is null
    group by stakeholder_id, title_key
    having count(*) > 1
),

-- Few titles are told again: only their actions are sorted.
titled as (
    select
        s.action_no as left_no,
        lead(s.action_no) over (partition by s.stakeholder_id, s.title_key order by s.action_no) as right_no
    from several as s
    semi join repeated as r on s.stakeholder_id = r.stakeholder_id and s.title_key = r.title_key
    where s.row_title is null
),

few as materialized (
    select
        action_no,
        stakeholder_id,
        row_title,
        array_to_string(regexp_extract_all(replace(title_key, '2021', ''), '[0-9]+'), ' ') as numbers
    from several
    where actions <= $actions
),

pairs as (
    select a.action_no as left_no, b.action_no as right_no
    from few as a
    inner join few as b on a.stakeholder_id = b.stakeholder_id and a.action_no < b.action_no
    where (a.numbers = b.numbers or a.numbers = '' or b.numbers = '') and (a.row_title = b.row_title) is not true
    union all
    select a.action_no, b.action_no
    from several as a
    inner join several as b
        on a.stakeholder_id = b.stakeholder_id and a.submitted_on = b.submitted_on and a.action_no < b.action_no
    where a.actions > $actions and b.actions > $actions and (a.row_title = b.row_title) is not true
)

select left_no, right_no from titled where right_no is not null
union
(select left_no, right_no from pairs order by left_no, right_no limit $pairs)
order by left_no, right_no;

-- The same title (of four words and more) from several stakeholders, few enough to be partners.
-- Nothing without: (from kept_actions offset 1).
create table shared_titles as
with repeated as (
    select k.title_key
    from kept_actions as a
    inner join action_keys as k on a.row_no = k.row_no
    group by k.title_key
    having count(*) between 2 and 5
),

told as (
    select k.title_key, a.action_no, k.stakeholder_key
    from repeated as r
    inner join action_keys as k on r.title_key = k.title_key
    inner join kept_actions as a on k.row_no = a.row_no
    where len(string_split(k.title_key, ' ')) > 3
)

select a.action_no as left_no, b.action_no as right_no
from told as a
inner join told as b
    on a.title_key = b.title_key and a.action_no < b.action_no and a.stakeholder_key <> b.stakeholder_key;

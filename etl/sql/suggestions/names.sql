-- Which keys does each stakeholder have, word by word, and which meanings have the words in any of the three languages?
-- Where there are too many names to compare each with each, only those that share a rare word with another are.
-- Grain: one row a stakeholder and key; then one row a stakeholder, key and word that is not empty.
-- Parameters: names, how many are compared each with each; shared, by how many names a rare word is shared at most.
create table all_names as
with keyed as (
    select distinct d.stakeholder_id, w.key as first_key, w.base_key, split_part(w.base_key, '#', 1) as key
    from written_keys as w
    left join stakeholder_roots as r on w.key = r.key
    inner join stakeholder_display as d on d.key = coalesce(r.root, w.key)
    semi join snapshot.stakeholders as s on d.stakeholder_id = s.stakeholder_id
)

select (row_number() over (order by first_key))::integer as name_no, * from keyed;

create table all_words as
with written as (
    select name_no, unnest(words) as word, generate_subscripts(words, 1) as place
    from (select name_no, string_split(key, ' ') as words from all_names) as split
)

select w.name_no, w.place, w.word, coalesce(n.meaning, w.word) as meaning
from written as w
left join name_words as n on w.word = n.word
where n.meaning is distinct from '';

-- Nothing without: (from all_names offset 1).
create table word_counts as
select meaning, count(distinct name_no) as names
from all_words
group by meaning
having count(distinct name_no) > 1;

create table likely_names as
with many as (select count(*) > $names as is_cut from all_names)

select *, string_split(key, ' ') as words, array_to_string(regexp_extract_all(key, '[0-9]+'), ' ') as numbers
from all_names
where not (select is_cut from many) or name_no in (
    select w.name_no
    from all_words as w
    inner join word_counts as c on w.meaning = c.meaning and c.names <= $shared
);

create table likely_words as
select w.* from all_words as w semi join likely_names as n on w.name_no = n.name_no;

create table name_meanings as
select
    name_no,
    list(distinct meaning order by meaning) as meanings,
    list(distinct word order by word) as words,
    string_agg(left(word, 1), '' order by place) as initials
from likely_words
group by name_no;

-- Pairs with the same meaning: another order, or another language.
-- Nothing without: (from all_names offset 1).
create table name_pairs as
select
    a.name_no as left_no,
    b.name_no as right_no,
    if(a.words = b.words, 0.97, 0.9) as score,
    if(a.words = b.words, 'the same words in another order', 'may be a translation') as why
from name_meanings as a
inner join name_meanings as b on a.meanings = b.meanings and a.name_no < b.name_no
inner join likely_names as m on a.name_no = m.name_no
inner join likely_names as n on b.name_no = n.name_no
where m.base_key <> n.base_key;

-- A lone acronym, also with points (I.L.O.), and the name that it is bracketed with or abbreviates: of three letters
-- and more, the beginnings of few names.
create table lone_names as
select name_no, replace(key, ' ', '') as key
from all_names
where length(key) between 2 and 12 and (not contains(key, ' ') or regexp_full_match(key, '[a-z]( [a-z])+'));

-- Nothing without: lone_names.
insert into name_pairs
with made as (
    select name_no, initials as letters from name_meanings where length(initials) > 2
    union
    select name_no, initials(key)
    from all_names
    where contains(key, ' ') and contains(substring(key, strpos(key, ' ') + 1), ' ')
),

few as (
    select m.name_no, a.name_no as acronym_no
    from made as m
    inner join lone_names as a on m.letters = a.key and m.name_no <> a.name_no
    qualify count(*) over (partition by a.name_no) <= 3
)

select name_no, acronym_no, 0.85, 'one may be the acronym of the other' from few;

-- Nothing without: lone_names; written_keys where contains(spelling, '(') or contains(spelling, '[').
insert into name_pairs
select distinct n.name_no, a.name_no, 0.95, 'one may be the acronym of the other'
from written_keys as w
inner join all_names as n on w.key = n.first_key
inner join lone_names as a on replace(fold(acronym_of(w.spelling)), ' ', '') = a.key and n.name_no <> a.name_no
where contains(w.spelling, '(') or contains(w.spelling, '[');

-- An institution with its country, and the same name without one.
-- Nothing without: (from all_names offset 1).
insert into name_pairs
select a.name_no, b.name_no, 0.6, 'the same institution''s name, once without its country'
from all_names as a
inner join all_names as b on a.base_key = b.base_key and a.first_key = a.base_key and b.first_key <> b.base_key;

-- One name holds every word of the other. Compared where they share the rarest word of the shorter one.
-- Nothing without: word_counts.
insert into name_pairs
with rarest as (
    select w.name_no, arg_min(w.meaning, (c.names, w.meaning)) as meaning
    from likely_words as w
    inner join word_counts as c on w.meaning = c.meaning
    group by w.name_no
    having min(c.names) <= $shared and count(distinct w.meaning) > 1
)

select distinct r.name_no, w.name_no, 0.7, 'one name holds all words of the other'
from rarest as r
inner join likely_words as w on r.meaning = w.meaning and r.name_no <> w.name_no
inner join name_meanings as a on r.name_no = a.name_no
inner join name_meanings as b on w.name_no = b.name_no
where list_has_all(b.meanings, a.meanings) and len(b.meanings) > len(a.meanings);

-- A cell that names several stakeholders, and one of them.
create table several_names as
select n.name_no, w.spelling
from written_keys as w
inner join all_names as n on w.key = n.first_key
where contains(w.spelling, ';') or contains(w.spelling, chr(10)) or contains(w.spelling, ' / ');

-- Nothing without: several_names.
insert into name_pairs
with pieces as (
    select name_no, trim(unnest(regexp_split_to_array(spelling, '\s*(;|\n| / )\s*'))) as piece
    from several_names
)

select distinct p.name_no, n.name_no, 0.8, 'one may name several stakeholders, the other among them'
from pieces as p
inner join all_names as n on name_key(p.piece) = n.base_key and p.name_no <> n.name_no;

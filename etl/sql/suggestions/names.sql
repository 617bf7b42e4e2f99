-- Which keys does each stakeholder have, word by word, and what do the words come to in any of the three languages?
-- Grain: one row a stakeholder and key; then one row a stakeholder, key and word that says something.
create table likely_names as
with keyed as (
    select distinct d.stakeholder_id, d.name, w.key as first_key, w.base_key, regexp_extract(w.base_key, '^[^#]*') as key
    from written_keys as w
    left join stakeholder_roots as r on w.key = r.key
    inner join stakeholder_display as d on d.key = coalesce(r.root, w.key)
)

select
    (row_number() over (order by stakeholder_id, first_key))::integer as name_no,
    *,
    string_split(key, ' ') as words,
    regexp_replace(key, '\D+', ' ', 'g') as numbers
from keyed;

create table likely_words as
with written as (select name_no, unnest(words) as word from likely_names),

meant as (
    select w.name_no, w.word, coalesce(n.meaning, w.word) as meaning
    from written as w
    left join name_words as n on w.word = n.word
)

select distinct name_no, meaning from meant where meaning <> '';

create table word_counts as select meaning, count(*) as names from likely_words group by meaning;

create table name_meanings as
select name_no, list(meaning order by meaning) as meanings from likely_words group by name_no;

-- Pairs with the same meaning: another order, or another language.
create table name_pairs as
with same_meaning as (
    select a.name_no as left_no, b.name_no as right_no
    from name_meanings as a
    inner join name_meanings as b on a.meanings = b.meanings and a.name_no < b.name_no
)

select
    s.left_no,
    s.right_no,
    if(list_sort(a.words) = list_sort(b.words), 0.97, 0.9) as score,
    if(list_sort(a.words) = list_sort(b.words), 'the same words in another order', 'may be a translation') as why
from same_meaning as s
inner join likely_names as a on s.left_no = a.name_no
inner join likely_names as b on s.right_no = b.name_no
where a.base_key <> b.base_key;

-- A lone acronym, and the name it is made of or is bracketed with.
insert into name_pairs
with alone as (
    select name_no, key from likely_names where length(key) between 2 and 12 and not contains(key, ' ')
),

long as (
    select name_no, list_distinct([initials(key), initials(array_to_string(list_filter(
        words, lambda word: word not in (select n.word from name_words as n where n.meaning = '')
    ), ' '))]) as letters
    from likely_names
    where len(words) > 1 and exists (select 1 from alone)
),

made as (
    select name_no, unnest(letters) as letters from long
    union
    select n.name_no, replace(fold(acronym_of(w.spelling)), ' ', '')
    from written_keys as w
    inner join likely_names as n on w.key = n.first_key
    where acronym_of(w.spelling) <> ''
)

select distinct m.name_no, a.name_no, 0.85, 'one may be the acronym of the other'
from made as m
inner join alone as a on m.letters = a.key and m.name_no <> a.name_no;

-- An institution that is known with its country, and the same name without one.
insert into name_pairs
select a.name_no, b.name_no, 0.6, 'the same institution''s name, once without its country'
from likely_names as a
inner join likely_names as b on a.base_key = b.base_key and a.first_key = a.base_key and b.first_key <> b.base_key;

-- One name holds every word of the other. Compared where they share the rarest word of the shorter one.
insert into name_pairs
with rarest as (
    select w.name_no, arg_min(w.meaning, (c.names, w.meaning)) as meaning, min(c.names) as names
    from likely_words as w
    inner join word_counts as c on w.meaning = c.meaning
    group by w.name_no
    having min(c.names) between 2 and 50 and count(*) > 1
)

select distinct least(r.name_no, w.name_no), greatest(r.name_no, w.name_no), 0.7, 'one name holds all words of the other'
from rarest as r
inner join likely_words as w on r.meaning = w.meaning and r.name_no <> w.name_no
inner join name_meanings as a on r.name_no = a.name_no
inner join name_meanings as b on w.name_no = b.name_no
where list_has_all(b.meanings, a.meanings) and len(b.meanings) > len(a.meanings);

-- A cell that names several stakeholders, and one of them.
insert into name_pairs
with pieces as (
    select n.name_no, trim(unnest(regexp_split_to_array(w.spelling, '\s*(;|\n| / )\s*'))) as piece
    from written_keys as w
    inner join likely_names as n on w.key = n.first_key
    where regexp_matches(w.spelling, ';|\n| / ')
)

select distinct p.name_no, n.name_no, 0.5, 'one may name several stakeholders, the other among them'
from pieces as p
inner join likely_names as n on name_key(p.piece) = n.base_key and p.name_no <> n.name_no;

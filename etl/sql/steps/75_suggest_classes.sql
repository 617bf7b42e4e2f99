-- Which stakeholder group, category, themes and places do the words of an action suggest that staff have not classified
-- yet? Whole words and phrases of the codelists (labels, other spellings) and of keywords.csv are looked for in the
-- title, the stakeholder's name, the description and the impact; those of stakeholder groups in the name alone. Nothing
-- is classified by it: staff accept or change it.
-- Grain: one row an action, field and code.
create table asked as
with themed as (select distinct action_no from snapshot.action_themes)

select
    a.action_no,
    a.action_id,
    a.stakeholder_group is null as wants_group,
    a.category is null as wants_category,
    t.action_no is null as wants_themes,
    a.scope is null as wants_places,
    a.category is null or t.action_no is null or a.scope is null as wants_more
from snapshot.actions as a
left join themed as t on a.action_no = t.action_no
where a.stakeholder_group is null or a.category is null or t.action_no is null or a.scope is null;

-- The first 2,000 words of a text count.
create table asked_texts as
with asked_more as (select action_no from asked where wants_more),

texts as (
    select a.action_no, 2 as part, a.stakeholder as written
    from snapshot.actions as a semi join asked as k using (action_no)
    union all
    select a.action_no, 1, a.title from snapshot.actions as a semi join asked_more as k using (action_no)
    union all
    select a.action_no, 3, a.description from snapshot.actions as a semi join asked_more as k using (action_no)
    union all
    select a.action_no, 4, a.impact from snapshot.actions as a semi join asked_more as k using (action_no)
)

select action_no, part, written, string_split(fold_text(written), ' ')[:2000] as words
from texts
where written is not null;

-- Where does each term end in each text, of the lists that the action is not classified by? Longer terms swallow
-- shorter ones of their list that lie inside them.
create table term_hits as
with tokens as (
    select
        action_no,
        part,
        unnest(words) as word,
        unnest(list_prepend('', words)) as word_before,
        generate_subscripts(words, 1) as place
    from asked_texts
),

-- The terms that end in a word are the same wherever it stands.
vocabulary as (
    select distinct word from tokens
),

ending as (
    select v.word, m.term_no, if(m.words = 1, null, m.word_before) as word_before
    from vocabulary as v
    inner join listed_terms as m on v.word = m.last_word
    where not m.is_stem
    union all
    select v.word, m.term_no, if(m.words = 1, null, m.word_before)
    from vocabulary as v
    inner join listed_terms as m on left(v.word, 4) = left(m.last_word, 4)
    where m.is_stem and starts_with(v.word, m.last_word)
),

candidates as (
    select t.action_no, t.part, t.place, e.term_no
    from tokens as t
    inner join ending as e on t.word = e.word
    where e.word_before is null or t.word_before = e.word_before
),

verified as (
    select c.action_no, c.part, c.place, c.term_no
    from candidates as c
    inner join listed_terms as m on c.term_no = m.term_no
    where m.words <= 2
    union all
    select c.action_no, c.part, c.place, c.term_no
    from candidates as c
    inner join listed_terms as m on c.term_no = m.term_no
    inner join asked_texts as t on c.action_no = t.action_no and c.part = t.part
    where m.words > 2 and starts_with(array_to_string(t.words[c.place - m.words + 1:c.place], ' '), m.phrase)
)

select
    v.action_no,
    v.part,
    v.place - m.words + 1 as first_word,
    v.place as last_word,
    m.term_no,
    m.list,
    m.words
from verified as v
inner join listed_terms as m on v.term_no = m.term_no
inner join asked as a on v.action_no = a.action_no
where
    (m.list = 'stakeholder_groups' and a.wants_group)
    or (m.list = 'categories' and a.wants_category)
    or (m.list = 'themes' and a.wants_themes)
    or (m.list = 'places' and a.wants_places);

-- The suggestions of each word for an action: once a text, at its first place there.
-- Nothing without: term_hits.
create table term_votes as
with phrases as (select * from term_hits where words > 1),

standing as (
    select h.*
    from term_hits as h
    anti join phrases as w
        on h.action_no = w.action_no
        and h.part = w.part
        and h.list = w.list
        and h.words < w.words
        and h.first_word >= w.first_word
        and h.last_word <= w.last_word
),

-- The weight of a text for a field: a title names the kind of action, a stakeholder's name often its country.
weights (list, part, weight) as (
    values
    ('stakeholder_groups', 2, 3.0),
    ('categories', 1, 3.0), ('categories', 3, 1.0), ('categories', 4, 0.5),
    ('themes', 1, 3.0), ('themes', 2, 1.0), ('themes', 3, 1.5), ('themes', 4, 1.0),
    ('places', 1, 3.0), ('places', 2, 3.0), ('places', 3, 1.5), ('places', 4, 1.0)
),

first_places as (
    select action_no, part, term_no, min(first_word) as first_word, min(last_word) as last_word
    from standing
    group by action_no, part, term_no
)

select
    f.action_no,
    f.part,
    f.first_word,
    f.last_word,
    m.codelist,
    m.code,
    w.weight * least(1 + 0.5 * (m.words - 1), 2.0) as weight
from first_places as f
inner join listed_terms as m on f.term_no = m.term_no
inner join weights as w on m.list = w.list and f.part = w.part
where m.code is not null;

create macro suggested_field(codelist) as case codelist
    when 'stakeholder_groups' then 'stakeholder_group'
    when 'categories' then 'category'
    when 'subregions' then 'regions'
    else codelist
end;

-- In a stakeholder's name, the first term weighs more: a ministry of labour unions is a ministry.
-- Nothing without: term_votes.
create table suggestions as
with scored as (
    select
        v.action_no,
        suggested_field(v.codelist) as field,
        v.code,
        sum(v.weight) as weight,
        min(v.first_word) as first_word
    from term_votes as v
    group by all
),

placed as (
    select
        s.*,
        row_number() over (
            partition by s.action_no, s.field
            order by s.weight desc, if(s.field = 'stakeholder_group', s.first_word, 0), s.code
        ) as nth,
        max(s.weight) over (partition by s.action_no, s.field) as best,
        count(*) filter (where s.field = 'countries') over (partition by s.action_no) as countries
    from scored as s
)

select p.action_no, a.action_id, p.field, p.code, round(p.weight / (p.weight + 2), 3) as score
from placed as p
inner join asked as a on p.action_no = a.action_no
where
    (p.field in ('stakeholder_group', 'category') and p.nth = 1)
    or (p.field = 'themes' and p.nth <= 3 and p.weight >= 0.3 * p.best)
    or p.field = 'countries'
    or (p.field = 'regions' and p.countries = 0 and p.nth <= 3);

-- The words that led to each suggestion, as written there: the pieces of the text are its words, each with the signs
-- behind it. Where accents are written apart, pieces and words differ: then the word as it is compared.
-- Nothing without: suggestions.
insert into snapshot.suggested_classes
with spoken as (
    select distinct s.action_no, s.field, s.code, v.part, v.first_word, v.last_word
    from suggestions as s
    inner join term_votes as v
        on s.action_no = v.action_no
        and s.code = v.code
        and s.field = suggested_field(v.codelist)
),

-- Cut, and trimmed, by themselves: behind each join the engine would prepare the cutting of a text once more.
spoken_texts as materialized (
    select t.* from asked_texts as t semi join spoken as s on t.action_no = s.action_no and t.part = s.part
),

pieces as (
    select
        action_no,
        part,
        words,
        regexp_extract_all(nfc_normalize(written), '[\p{L}\p{N}\p{M}]+[^\p{L}\p{N}\p{M}]*')[:2000] as pieces
    from spoken_texts
),

quoted as materialized (
    select
        s.action_no,
        s.field,
        s.code,
        s.part,
        s.first_word,
        if(
            len(p.pieces) = len(p.words),
            array_to_string(p.pieces[s.first_word:s.last_word], ''),
            array_to_string(p.words[s.first_word:s.last_word], ' ')
        ) as words
    from spoken as s
    inner join pieces as p on s.action_no = p.action_no and s.part = p.part
),

trimmed as (
    select * replace (regexp_replace(words, '[^\p{L}\p{N}\p{M}]+$', '') as words) from quoted
),

once as (
    select action_no, field, code, words, min((part, first_word)) as place
    from trimmed
    group by action_no, field, code, words
),

listed as (
    select action_no, field, code, list(words order by place, words)[:12] as words
    from once
    group by action_no, field, code
)

select s.action_no, s.action_id, s.field, s.code, l.words, s.score
from suggestions as s
inner join listed as l on s.action_no = l.action_no and s.field = l.field and s.code = l.code
order by s.action_no, s.field, s.score desc, s.code;

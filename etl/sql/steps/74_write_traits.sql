-- Which traits may each action share with others, and how much does each tell the action apart? Its themes, its kind
-- and its places, and the thirty most telling words of its title, description and expected impact. The rarer the more
-- (the logarithm of how few actions have it), words of the title twice; the squares of the weights of an action's
-- traits of one kind add up to 1 (with those words that are left out below), so that the sum of the products of two
-- actions' weights is their likeness in that kind, from 0 to 1.
-- Words are compared without their endings, so that `farmers` finds `farming`: one light rule for English, French and
-- Spanish, which takes off the common inflections of all three. Empty words are left out: little words, the verbs of
-- every promise, the words of the campaign's own title, names of places, which are compared as codes, words that more
-- than one in eight of many actions have, and words that no other action has.
-- Weights are reckoned in whole numbers first, so that the same actions give the same weights.
-- Grain: one row an action × trait.

-- Texts are cut at blanks alone; the letters of a piece are found once for all texts that have it.
-- Words of one action alone are left out; of a single action in all, no words are.
-- Grain: one row an action, the worth of a text of it and a piece of that.
-- Nothing without: (from kept_actions offset 1).
create table trait_words as
with texts as (
    select
        k.action_no,
        unnest([2, 1, 1])::utinyint as worth,
        unnest([coalesce(t.title, s.title), s.description, s.impact]) as words
    from kept_actions as k
    inner join staged_actions as s on k.row_no = s.row_no
    left join renamed_actions as t on k.row_no = t.row_no
)

select action_no, worth, piece
from (select action_no, worth, unnest(string_split(words, ' ')) as piece from texts) as cut
where strlen(piece) > 2 and (select count(*) from kept_actions) > 1;

-- Grain: one row a piece and a word in it.
-- Nothing without: trait_words.
create table trait_pieces as
select
    piece,
    unnest(list_distinct(list_filter(
        regexp_extract_all(lower(nfc_normalize(piece)), '[\p{L}\p{M}]+'), lambda word: length(word) > 2
    ))) as written
from (select distinct piece from trait_words) as pieces;

-- Words are numbered in their order, once for all texts: the joins, groups and sorts below use numbers.
-- Grain: one row a spelling of a word that may count as a trait.
-- Nothing without: trait_pieces.
create table trait_forms as
with folded as (
    select written, is_of_titles, fold(written) as plain
    from (
        select distinct written, false as is_of_titles from trait_pieces
        union all
        select unnest(map_values($titles)), true
    ) as spellings
),

cut as (
    select written, is_of_titles, plain, without_ending(plain) as word
    from (
        select written, is_of_titles, unnest(if(is_of_titles, string_split(plain, ' '), [plain])) as plain from folded
    ) as words
),

forms as (
    select written, word
    from cut
    where
        not is_of_titles
        and plain not in (select l.word from little_words as l)
        and word not in (select p.word from place_words as p)
        and word not in (select e.word from cut as e where e.is_of_titles)
)

select
    written,
    word,
    (row_number() over (order by written))::integer as written_no,
    (dense_rank() over (order by word))::integer as word_no
from forms;

-- Which words does each action use, and in which spelling?
-- Grain: one row an action and word.
-- Nothing without: trait_forms.
create table trait_uses as
select w.action_no, f.word_no, max(w.worth) as worth, min(f.written_no) as written_no
from trait_words as w
inner join trait_pieces as p on w.piece = p.piece
inner join trait_forms as f on p.written = f.written
group by w.action_no, f.word_no;

insert into snapshot.action_traits
with counted as (
    select count(*) as actions from snapshot.actions
),

rare as (
    select u.word_no, count(*) as actions, round(100 * ln(any_value(c.actions) / count(*)))::bigint as rarity
    from trait_uses as u
    cross join counted as c
    group by u.word_no
    having any_value(c.actions) < 40 or count(*) * 8 <= any_value(c.actions)
),

weighed as (
    select
        u.action_no,
        u.word_no,
        u.written_no,
        r.actions,
        u.worth * r.rarity as weight
    from trait_uses as u
    inner join rare as r on u.word_no = r.word_no
    where r.rarity > 0
),

lengths as (
    select
        action_no,
        sum(weight ** 2) as squares,
        count(*) filter (where actions > 1) as words
    from weighed
    group by action_no
),

shared as (
    select w.action_no, w.word_no, w.written_no, w.weight, w.weight / sqrt(l.squares) as share, l.words
    from weighed as w
    inner join lengths as l on w.action_no = l.action_no
    where w.actions > 1
),

-- Only actions with more than thirty need them sorted. Their numbers are in the order of the words.
telling as (
    select action_no, word_no, written_no, share from shared where words <= 30
    union all
    select action_no, word_no, written_no, share
    from shared
    where words > 30
    qualify row_number() over (partition by action_no order by weight desc, word_no asc) <= 30
),

named as (
    select action_no, dimension as kind, member
    from snapshot.action_members
    where
        dimension in ('theme', 'category', 'country', 'subregion', 'region')
        and member not in ('unclassified', 'other')
),

rare_members as (
    select n.kind, n.member, round(100 * ln(1 + any_value(c.actions) / count(*)))::bigint as rarity
    from named as n
    cross join counted as c
    group by n.kind, n.member
),

members as (
    select
        kind,
        member,
        rarity,
        (dense_rank() over (order by kind) - 1)::bigint as kind_no,
        -(row_number() over (order by kind, member))::integer as name_no
    from rare_members
),

-- The kinds are few: an action and one of them are one number.
told as (
    select n.action_no * 8::bigint + m.kind_no as action_kind, m.name_no, m.rarity
    from named as n
    inner join members as m on n.kind = m.kind and n.member = m.member
),

sums as (
    select action_kind, sum(rarity)::bigint as rarity from told group by action_kind
),

words as (
    select distinct word_no, word from trait_forms
),

-- Everything by its number, places and themes below the words.
numbered as (
    select t.action_kind // 8 as action_no, t.name_no, null::integer as written_no, sqrt(t.rarity / s.rarity) as weight
    from told as t
    inner join sums as s on t.action_kind = s.action_kind
    union all
    select action_no, word_no, written_no, share from telling
),

names as (
    select name_no, kind, kind || ':' || member as trait, member as written from members
    union all
    select word_no, 'word', word, null from words
),

ranked as (
    select *, row_number() over (order by trait) as trait_no from names
)

select n.action_no, r.kind, r.trait, coalesce(w.written, r.written), n.weight::float
from numbered as n
inner join ranked as r on n.name_no = r.name_no
left join trait_forms as w on n.written_no = w.written_no
order by r.trait_no, n.action_no;

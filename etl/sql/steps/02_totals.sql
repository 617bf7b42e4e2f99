-- Which rows are totals of those above or below them?
-- Parameters: titles, makers, ids, as in `02_odd_rows`; unsummed: columns whose numbers are no amounts; lists: the
-- codelists whose codes a label may name.
-- Totals by their word: with nothing beside it but numbers, or words that are codes or hold a number. A text with more
-- than the name of a total (Total ban of child labour) is none.
insert into told_rows
with named as (
    select *, total_of(first_folded) as of_what
    from odd_shapes
    where is_total and source_row not in (select source_row from told_rows)
),

-- The other texts of the row.
beside as (
    select
        n.source_row,
        count(*) filter (c.number is null) as texts,
        coalesce(
            bool_and(
                c.number is not null
                or (
                    length(c.words) <= 40
                    and (regexp_matches(c.words, '\d') or c.folded in (select folded from spellings))
                )
            ),
            true
        ) as is_little,
        coalesce(bool_or(c.number is null and list_contains($titles, c.column_no)), false) as has_title,
        coalesce(bool_or(c.number is null and list_contains($makers, c.column_no)), false) as has_maker
    from named as n
    left join odd_cells as c on n.source_row = c.source_row and n.first_column <> c.column_no
    group by n.source_row
)

select n.source_row, 'it is a total', null, null
from named as n
inner join beside as b on n.source_row = b.source_row
where
    b.is_little
    and b.texts <= 2
    and not b.has_maker
    and not (b.has_title and list_contains($makers, n.first_column))
    and (n.of_what = '' or n.of_what in (select folded from spellings) or n.of_what in (
        select total_of(folded) from spellings where list_contains($lists, list)
    ) or n.of_what in (
        select heading_words(first_folded) from odd_shapes where filled = 1
    ));

-- Totals without the word: numbers alone, or beside one short label, that are the sums of the rows above or below, up
-- to the next such row (or a word alone in its row), to the one after it, or to the table's end. A point before three
-- digits may separate thousands: of a column all numbers are read in one way.
create or replace table summed_rows as
select
    source_row,
    has_title,
    has_id,
    not has_title
    and (
        first_folded in (select folded from spellings where list_contains($lists, list))
        or heading_words(first_folded) in (select folded from spellings where list_contains($lists, list))
    ) as is_known
from odd_shapes
where
    source_row not in (select source_row from told_rows)
    and numbers > 0
    and texts <= 1
    and (
        not has_id
        or (texts = 1 and list_contains($ids, first_column) and not regexp_matches(first_words, '\d'))
    )
    and coalesce(longest, 0) <= 60;

insert into told_rows
with wanted as (
    select distinct c.column_no
    from odd_cells as c
    inner join summed_rows as s on c.source_row = s.source_row
    where c.number is not null and not list_contains($unsummed, c.column_no)
),

bounds as (
    select source_row from summed_rows
    union
    select source_row from odd_shapes where filled = 1 and texts = 1
    union
    select source_row from told_rows where reason = 'it is a total'
),

ways as (select unnest([',', '.']) as thousands),

spread as (
    select r.source_row, w.column_no, r.cells[w.column_no] as words
    from listed_rows as r
    cross join wanted as w
),

amounts as (
    select
        s.source_row,
        s.column_no,
        y.thousands,
        b.source_row is not null as is_bound,
        case
            when t.source_row is null or t.reason = 'it is a total' then summed_number_by(s.words, y.thousands)
        end as number
    from spread as s
    cross join ways as y
    left join bounds as b on s.source_row = b.source_row
    left join told_rows as t on s.source_row = t.source_row
),

running as (
    select
        *,
        coalesce(sum(number) filter (not is_bound) over above, 0) as total,
        count(number) filter (not is_bound) over above as summed,
        coalesce(sum(number) filter (not is_bound) over whole, 0) as whole_total,
        count(number) filter (not is_bound) over whole as whole_summed
    from amounts
    window
        above as (partition by column_no, thousands order by source_row),
        whole as (partition by column_no, thousands)
),

-- The sums of the rows between this one and the bounds before and behind it.
placed as (
    select
        *,
        lag(total, 1, 0) over bound as total_1,
        lag(summed, 1, 0) over bound as summed_1,
        lag(total, 2, 0) over bound as total_2,
        lag(summed, 2, 0) over bound as summed_2,
        lead(total, 1, whole_total) over bound as next_1,
        lead(summed, 1, whole_summed) over bound as next_summed_1,
        lead(total, 2, whole_total) over bound as next_2,
        lead(summed, 2, whole_summed) over bound as next_summed_2
    from running
    where is_bound
    window bound as (partition by column_no, thousands order by source_row)
),

around as (
    select
        source_row,
        column_no,
        number,
        unnest([
            { 'is_above': true, 'total': total, 'summed': summed },
            { 'is_above': true, 'total': total - total_1, 'summed': summed - summed_1 },
            { 'is_above': true, 'total': total - total_2, 'summed': summed - summed_2 },
            { 'is_above': false, 'total': whole_total - total, 'summed': whole_summed - summed },
            { 'is_above': false, 'total': next_1 - total, 'summed': next_summed_1 - summed },
            { 'is_above': false, 'total': next_2 - total, 'summed': next_summed_2 - summed }
        ]) as part
    from placed
    where number is not null
),

compared as (
    select
        source_row,
        column_no,
        part.is_above,
        coalesce(
            max(part.summed) filter (number <> 0 and abs(number - part.total) < 0.005 and part.summed >= 2), 0
        ) as summed
    from around
    group by source_row, column_no, part.is_above
),

judged as (
    select
        source_row,
        is_above,
        count(*) as numbers,
        count(*) filter (summed > 0) as sums,
        max(summed) as summed
    from compared
    group by source_row, is_above
)

select
    s.source_row,
    if(bool_or(j.is_above), 'its numbers are the sums of those above it', 'its numbers are the sums of those below it'),
    null,
    null
from summed_rows as s
inner join judged as j on s.source_row = j.source_row
where
    j.sums > 0
    and (
        s.is_known
        or not (s.has_title or s.has_id)
        or (j.sums = j.numbers and (j.sums > 1 or j.summed > 2))
    )
group by s.source_row;

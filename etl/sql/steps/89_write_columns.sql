-- What is every column used for, and what may the open ones be?
--
-- An open column looks like a field whose codes it holds: at least half of its cells (in the first rows of the sheet)
-- are spellings of the field's list, whole or piece by piece. Where no cells tell, the words of its header do, if the
-- sheet has no other column for that field and the cells are few and short, as codes, dates and percentages are. Only
-- the fields that figures are counted by are looked for.
-- Grain: one row a column.
create table column_looks as
with fields as (
    select
        s.sheet_no,
        k.field,
        k.list
    from sheets as s
    inner join kind_fields as k on s.kind = k.kind
),

field_words as (
    select *
    from (
        values
        ('status', '\b(status|statut|estado|etat d avancement)\b'),
        ('percent', '\b(percent\w*|pourcentage|porcentaje)\b'),
        ('countries', '\b(countr\w+|pays|pais|paises)\b'),
        ('regions', '\bregion(s|es)?\b'),
        ('themes', '\b(themes?|topics?|temas?|thematiques?)\b'),
        ('category', '\b(categor\w+)\b'),
        ('stakeholder_group', '\b(stakeholder (group|type)|type of stakeholder|groupe de parties prenantes)\b'),
        ('due_on', '\b(due|deadline|echeance|plazo)\b'),
        ('completed_on', '\b(completed on|completion date|date of completion|date d achevement|finalizacion)\b')
    ) as w (field, pattern)
),

listed as (
    select *
    from fields
    where field in ('status', 'countries', 'themes', 'category', 'stakeholder_group')
),

texts as (
    select
        sheet_no,
        column_no,
        value,
        row_count,
        list_filter(list_distinct(string_split_regex(value, '[;|,\n\x1f]')), lambda piece: trim(piece) <> '') as pieces
    from open_values
    where length(value) <= 300
),

pieces as (
    select
        sheet_no,
        column_no,
        value,
        row_count,
        len(pieces) as piece_count,
        fold(unnest(pieces)) as folded
    from texts
),

meant as (
    select
        t.sheet_no,
        t.column_no,
        s.list,
        t.value,
        t.row_count
    from texts as t
    inner join spellings as s on fold(t.value) = s.folded
    union
    select
        p.sheet_no,
        p.column_no,
        s.list,
        p.value,
        p.row_count
    from pieces as p
    inner join spellings as s on p.folded = s.folded
    group by p.sheet_no, p.column_no, s.list, p.value, p.row_count
    having count(*) >= any_value(p.piece_count)
),

filled as (
    select
        sheet_no,
        column_no,
        sum(row_count) as row_count,
        avg(length(value)) <= 40 as is_short,
        count(*) <= 25 as is_few,
        bool_and(regexp_full_match(value, '[\d.,\s%-]+')) as is_number
    from open_values
    group by sheet_no, column_no
),

by_values as (
    select
        m.sheet_no,
        m.column_no,
        l.field,
        sum(m.row_count) / any_value(f.row_count) as understood
    from meant as m
    inner join listed as l on m.sheet_no = l.sheet_no and m.list = l.list
    inner join filled as f on m.sheet_no = f.sheet_no and m.column_no = f.column_no
    group by m.sheet_no, m.column_no, l.field
    having sum(m.row_count) >= 0.5 * any_value(f.row_count)
),

by_header as (
    select
        c.sheet_no,
        c.column_no,
        f.field,
        0 as understood
    from column_uses as c
    inner join fields as f on c.sheet_no = f.sheet_no
    inner join field_words as w on f.field = w.field
    inner join filled as n on c.sheet_no = n.sheet_no and c.column_no = n.column_no
    where
        n.is_short
        and case when f.field in ('percent', 'due_on', 'completed_on') then true else n.is_few and not n.is_number end
        and regexp_matches(fold(c.header), w.pattern)
        and not exists (
            select 1
            from column_uses as u
            where c.sheet_no = u.sheet_no and u.use = 'field' and u.target = f.field
        )
),

looks as (
    from by_values
    union all
    from by_header
)

select
    sheet_no,
    column_no,
    arg_max(field, (understood, field)) as looks_like,
    nullif(max(understood), 0) as understood
from looks
group by sheet_no, column_no;

insert into snapshot.input_columns
select
    s.source_file,
    s.sheet,
    c.column_no,
    c.header,
    s.recipe,
    c.use,
    c.target,
    c.decided_by,
    c.filled,
    l.looks_like,
    l.understood,
    l.looks_like is not null,
    c.proposed
from column_uses as c
inner join sheets as s on c.sheet_no = s.sheet_no
left join column_looks as l on c.sheet_no = l.sheet_no and c.column_no = l.column_no
order by s.sheet_no, c.column_no;

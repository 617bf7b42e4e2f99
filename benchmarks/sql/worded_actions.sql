-- The synthetic register with texts of many words: some 80 an action, drawn from 20,000 made-up ones, few used often.
-- Grain: one row an action.
-- Parameters: source (the file of the register as `benchmarks.synthetic` writes it).
with syllables as (
    select ['ba', 'ce', 'di', 'fo', 'gu', 'la', 'me', 'ni', 'po', 'ru', 'sa', 'te', 'vi', 'zo', 'ka', 'mu'] as parts
),

drawn as (
    select
        r."Submission ID" as id,
        list_transform(
            range(80),
            lambda k: (20000 * pow((hash(r."Submission ID", k) % 100000) / 100000.0, 3))::int
        ) as numbers
    from read_csv($source, all_varchar = true) as r
),

worded as (
    select
        d.id,
        list_transform(
            d.numbers,
            lambda n: s.parts[1 + n % 16] || s.parts[1 + n // 16 % 16] || s.parts[1 + n // 256 % 16]
            || s.parts[1 + n // 4096 % 16]
        ) as words
    from drawn as d
    cross join syllables as s
    qualify row_number() over (partition by d.id) = 1
)

select
    r.* replace (
        array_to_string(w.words[:12], ' ') as "Title of the action", array_to_string(w.words[13:], ' ') as "Description"
    )
from read_csv($source, all_varchar = true) as r
inner join worded as w on r."Submission ID" = w.id

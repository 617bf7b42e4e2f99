-- Which criteria of a good commitment does each row of the table `commitments` meet, by which rule, on which words?
-- `dashboard/campaign/commitments` lists the patterns and says what each rule means. Texts are compared in small
-- letters without accents; the words are given as they are written. A number that counts nothing (a day, a convention,
-- an age) is no number, and a vague action is none. What another rule has decided already is not looked for. Each
-- pattern stands in one place, outside of `nullif`, which writes its argument twice: to compile the patterns is most of
-- the work, and each place compiles its own.
-- Grain: one row a commitment and criterion.
-- Parameters: patterns.
create or replace table commitment_findings as
with comparable as (
    select
        *,
        if(strlen(text) = length(text), lower(text), lower(strip_accents(replace(text, '’', '''')))) as bare,
        year($patterns.start) * 100 as first_month,
        year($patterns.deadline) * 100 + month($patterns.deadline) as last_month
    from commitments
),

looked_for as (
    select
        *,
        case when not has_target then regexp_extract(
            if(regexp_matches(bare, '\d'), regexp_replace(bare, $patterns.no_count, ' – ', 'g'), bare),
            $patterns.number
        ) end as number_words,
        case when partners is null and not has_milestones then regexp_extract(bare, $patterns.partner) end
            as partner_noun,
        case when not has_theme then regexp_extract(bare, $patterns.subject) end as subject_words,
        regexp_matches(bare, $patterns.wish || '|' || $patterns.general) as is_vague,
        case when due_on is null then
            regexp_extract(regexp_replace(bare, $patterns.dated, ' – ', 'g'), $patterns.time)
        end as time_words,
        case when due_on is null then list_transform(
            regexp_extract_all(bare, $patterns.dated),
            lambda words: {
                'words': words,
                'month': right(words, 4)::integer * 100 + coalesce(
                    $patterns.month_numbers[
                        coalesce(
                            list_position($patterns.months, left(words, 4)),
                            list_position($patterns.months, left(words, 3))
                        )
                    ],
                    1
                )
            }
        ) end as months
    from comparable
),

looked_further as (
    select
        *,
        case when not has_place and not has_theme then
            regexp_matches(regexp_replace(bare, $patterns.cause, ' – ', 'g'), $patterns.beneficiary_or_place)
        end as is_for_somebody,
        regexp_matches(bare, '(\w+\W+){3}\w')
        and (has_place or has_theme or regexp_matches(bare, $patterns.sector)) as is_for_sector,
        regexp_matches(bare, '(\w+\W+){11}\w') and not is_vague as is_particular,
        case when number_words = '' then regexp_extract(bare, $patterns.finish_line) end as finish_line,
        case when number_words = '' or has_target then regexp_extract(bare, $patterns.thing) end as thing,
        case when partner_noun = '' then lower(regexp_extract(text, $patterns.partner_name)) end as partner_name,
        case when subject_words = '' then regexp_extract(bare, $patterns.theme) end as theme_words,
        list_filter(months, lambda one: one.month >= first_month and one.month <= last_month) as own_months,
        list_filter(months, lambda one: one.month > last_month) as later_months
    from looked_for
),

looked_closer as (
    select
        *,
        case when is_vague then regexp_matches(bare, $patterns.wish) else false end as is_wish,
        if(finish_line = '' and thing <> '', regexp_extract(bare, $patterns.day), finish_line) as finish_words,
        coalesce(partner_name, partner_noun) as partner_words,
        case when partner_name = '' then regexp_extract(bare, $patterns.means) end as means_words
    from looked_further
),

looked_last as (
    select
        *,
        coalesce(
            nullif(number_words, ''), nullif(finish_words, ''), case when not is_wish then nullif(thing, '') end
        ) as thing_words,
        case when means_words = '' then regexp_extract(bare, $patterns.steps, 0, 's') end as steps_words,
        case when means_words = '' then regexp_extract(bare, $patterns.programme) end as programme_words
    from looked_closer
),

decided as (
    select
        commitment_no,
        text,
        bare,
        unnest([
            case
                when is_particular
                    then { 'criterion': 'specific', 'reason': 'states_action', 'words': coalesce(thing_words, '') }
                when thing_words is null and not has_target and (is_wish or not is_for_sector)
                    then { 'criterion': 'specific', 'reason': 'no_action', 'words': '' }
                when not is_for_somebody and not is_for_sector
                    then { 'criterion': 'specific', 'reason': 'no_beneficiary_or_place', 'words': '' }
                else { 'criterion': 'specific', 'reason': 'states_action', 'words': coalesce(thing_words, '') }
            end,
            case
                when has_target then { 'criterion': 'measurable', 'reason': 'has_target', 'words': '' }
                when number_words <> ''
                    then { 'criterion': 'measurable', 'reason': 'states_number', 'words': number_words }
                when finish_words <> ''
                    then { 'criterion': 'measurable', 'reason': 'states_finish_line', 'words': finish_words }
                else { 'criterion': 'measurable', 'reason': 'no_number_or_finish_line', 'words': '' }
            end,
            case
                when has_milestones then { 'criterion': 'achievable', 'reason': 'has_milestones', 'words': '' }
                when partners is not null then { 'criterion': 'achievable', 'reason': 'has_partners', 'words': '' }
                when partner_words <> ''
                    then { 'criterion': 'achievable', 'reason': 'names_partner', 'words': partner_words }
                when means_words <> ''
                    then { 'criterion': 'achievable', 'reason': 'names_means', 'words': means_words }
                when steps_words <> ''
                    then { 'criterion': 'achievable', 'reason': 'names_steps', 'words': steps_words }
                when programme_words <> ''
                    then { 'criterion': 'achievable', 'reason': 'names_programme', 'words': programme_words }
                else { 'criterion': 'achievable', 'reason': 'no_steps_or_means', 'words': '' }
            end,
            case
                when has_theme then { 'criterion': 'relevant', 'reason': 'has_theme', 'words': '' }
                when subject_words <> ''
                    then { 'criterion': 'relevant', 'reason': 'names_subject', 'words': subject_words }
                when theme_words <> ''
                    then { 'criterion': 'relevant', 'reason': 'names_theme', 'words': theme_words }
                else { 'criterion': 'relevant', 'reason': 'no_subject', 'words': '' }
            end,
            case
                when due_on > $patterns.deadline
                    then { 'criterion': 'time_bound', 'reason': 'after_deadline', 'words': '' }
                when due_on is not null then { 'criterion': 'time_bound', 'reason': 'has_due_day', 'words': '' }
                when len(own_months) > 0
                    then { 'criterion': 'time_bound', 'reason': 'states_day', 'words': own_months[1].words }
                when time_words <> ''
                    then { 'criterion': 'time_bound', 'reason': 'states_day', 'words': time_words }
                when len(later_months) > 0
                    then { 'criterion': 'time_bound', 'reason': 'after_deadline', 'words': later_months[1].words }
                else { 'criterion': 'time_bound', 'reason': 'no_day', 'words': '' }
            end
        ]) as finding
    from looked_last
)

select
    commitment_no,
    finding.criterion,
    not starts_with(finding.reason, 'no_') and finding.reason <> 'after_deadline' as is_met,
    finding.reason,
    nullif(trim(case
        when finding.words <> '' then if(
            length(text) = length(bare),
            substr(text, instr(bare, finding.words)::integer, length(finding.words)),
            finding.words
        )
    end), '') as words
from decided

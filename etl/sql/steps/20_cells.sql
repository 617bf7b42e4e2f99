-- Which distinct cells hold spellings of codes, and in which list are they looked up?
-- Grain: one row a sheet, field and cell: the cells of one column are read together. words_no: the words for it.
create table cells as
with every_cell as (
    select
        sheet_no, words_no, 'stakeholder_group' as field, 'stakeholder_groups' as list, stakeholder_group as cell
    from staged_actions
    union all
    select sheet_no, words_no, 'category', 'categories', category from staged_actions
    union all
    select sheet_no, words_no, 'themes', 'themes', themes from staged_actions
    union all
    select sheet_no, words_no, 'countries', 'places', countries from staged_actions
    union all
    select sheet_no, words_no, 'regions', 'places', regions from staged_actions
    union all
    select sheet_no, words_no, 'language', 'languages', language from staged_actions
    union all
    select sheet_no, words_no, 'status', 'statuses', status from staged_actions
    union all
    select sheet_no, words_no, 'stakeholder', 'places', stakeholder
    from staged_actions
    where countries is null and regions is null and regexp_matches(stakeholder, '\s[-–—]\s')
    union all
    select sheet_no, words_no, 'stakeholder_group', 'stakeholder_groups', stakeholder_group
    from staged_classification
    union all
    select sheet_no, words_no, 'category', 'categories', category from staged_classification
    union all
    select sheet_no, words_no, 'themes', 'themes', themes from staged_classification
    union all
    select sheet_no, words_no, 'countries', 'places', countries from staged_classification
    union all
    select sheet_no, words_no, 'regions', 'places', regions from staged_classification
    union all
    select sheet_no, words_no, 'language', 'languages', language from staged_classification
    union all
    select sheet_no, words_no, 'status', 'statuses', status from staged_progress_reports
    union all
    select sheet_no, words_no, 'language', 'languages', language from staged_progress_reports
    union all
    select sheet_no, words_no, 'language', 'languages', language from staged_events
    union all
    select sheet_no, words_no, 'language', 'languages', language from staged_stories
    union all
    select sheet_no, words_no, 'language', 'languages', language from staged_annotations
)

select distinct * from every_cell where cell is not null;

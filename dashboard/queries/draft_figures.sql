-- Which figures do answers about columns change besides the headline?
-- Grain: one row.
-- Parameters: none.
select
    (select count(*) from actions where category is null) as without_category,
    (select count(*) from actions where action_no not in (select t.action_no from action_themes as t))
        as without_theme,
    (select count(*) from actions where scope is null) as without_place,
    (select count(distinct question) from survey_answers) as questions,
    (select coalesce(sum(rows_rejected), 0)::bigint from input_files) as rejected

-- Which distinct cells hold spellings of codes, and in which list are they looked up?
-- Grain: one row a sheet, field and cell: the cells of one column are read together. words_no: the words for it.
create table cells as
with every_cell as (
    select sheet_no, words_no, field, list, cell from row_cells
    union all
    select sheet_no, words_no, 'stakeholder', 'places', stakeholder
    from staged_actions
    where countries is null and regions is null and regexp_matches(stakeholder, '\s[-–—]\s')
)

select distinct * from every_cell where cell is not null;

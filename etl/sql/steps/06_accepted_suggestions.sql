-- Where a classification sheet says "Accept the suggestions: yes", its suggestions stand in the cells that staff left
-- empty. Countries and regions are one field, suggested in one column.
-- Nothing without: staged_classification where accept is not null.
update staged_classification
set
    stakeholder_group = coalesce(stakeholder_group, suggested_group),
    category = coalesce(category, suggested_category),
    themes = coalesce(themes, suggested_themes),
    countries = case when regions is null then coalesce(countries, suggested_places) else countries end
where is_yes(accept);

-- Which new link is stored?
-- Grain: one row, the new link.
-- Parameters: handle, origin, action_ids (JSON), wave, made_on, ends_on.
insert into report_links (handle, origin, action_ids, wave, made_on, ends_on)
values (:handle, :origin, :action_ids, :wave, :made_on, :ends_on)

-- Which new link is stored?
-- Grain: one row, the new link.
-- Parameters: handle, secret_hash, label, path, query, made_by, made_as, made_name, made_on, ends_on.
insert into links (handle, secret_hash, label, path, query, made_by, made_as, made_name, made_on, ends_on)
values (:handle, :secret_hash, :label, :path, :query, :made_by, :made_as, :made_name, :made_on, :ends_on)

-- Write down what the snapshot holds.
-- Parameters: $content_id.
update snapshot.campaign
set content_id = $content_id

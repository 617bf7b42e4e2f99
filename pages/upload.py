"""Upload: take in exports, see what publishing them would change, publish or drop them, go back to an earlier build."""

from dashboard.ui import page, upload

view = page.open_first("upload")
page.show_title(view)
upload.show(view)

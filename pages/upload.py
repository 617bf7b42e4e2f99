"""Upload: take in exports, see what publishing them would change, publish or drop them, go back to an earlier build."""

from dashboard.ui.frame import page
from dashboard.ui.upload import body

view = page.open_first("upload")
page.show_title(view)
body.show(view)

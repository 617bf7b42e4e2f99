"""Entry: `streamlit run app.py` or `uvicorn app:app`; joins the pages and the HTTP routes in one process.

The server imports this file as the module `app` and finds the `st.App` below. The same file is the
script of every reader's session, where Streamlit runs it under the name `__main__`.
"""

import sys

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from dashboard import server
from dashboard.access.presence import presence
from dashboard.errors import UserError
from dashboard.logs import begin, request_id
from dashboard.settings import Settings
from dashboard.ui import navigation
from dashboard.ui.frame import broken, connection, session_messages

if __name__ == "__main__":
    navigation.run()
else:
    begin.begin()
    try:
        Settings.from_environment()
    except UserError as error:
        sys.exit(str(error))
    request_id.find_also_by(connection.find_request_id)
    # Because of the folder `pages` Streamlit would answer a link to a page with that page's script alone,
    # until the first reader has come through the front door and `st.navigation` has been called.
    PagesManager.uses_pages_directory = False
    session_messages.install()
    presence().close_tab = navigation.end_tab
    presence().is_busy = session_messages.is_busy
    app = st.App(
        __file__,
        lifespan=server.lifespan,
        routes=server.routes(navigation.list_pages()),
        middleware=server.middleware(navigation.list_pages()),
        on_script_error=broken.show,
    )

"""Entry: `streamlit run app.py` or `uvicorn app:app`; joins the pages and the HTTP routes in one process.

The server imports this file as the module `app` and finds the `st.App` below. The same file is the
script of every reader's session, where Streamlit runs it under the name `__main__`.
"""

import sys

import streamlit as st

from dashboard import server
from dashboard.access.presence import presence
from dashboard.errors import UserError
from dashboard.ground.logs import begin, request_id
from dashboard.settings import Settings
from dashboard.ui import navigation
from dashboard.ui.frame import page, session_messages, streamlit_grips

if __name__ == "__main__":
    navigation.run()
else:
    begin.begin()
    try:
        Settings.from_environment()
    except UserError as error:
        sys.exit(str(error))
    request_id.find_also_by(page.find_request_id)
    streamlit_grips.leave_pages_to_navigation()
    session_messages.install()
    presence().close_tab = streamlit_grips.close_session
    presence().is_busy = session_messages.is_busy
    presence().weigh_files = streamlit_grips.weigh_files
    app = st.App(
        __file__,
        lifespan=server.lifespan,
        routes=server.routes(navigation.list_pages()),
        middleware=server.middleware(navigation.list_pages()),
        on_script_error=page.show_error,
    )

"""Charts over HTTP: pages made to be framed, pictures, data and descriptions, from the one `Chart` of the pages.

`routes` answers; `requests` reads an address; `making` makes what it asks for; `bodies` keeps it. Nothing here
knows Streamlit, sets a cookie or waits on the event loop.
"""

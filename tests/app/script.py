"""The script that `app.py` runs in a reader's session.

It stands in a folder without `pages/`: AppTest would otherwise run each page's script alone, as Streamlit
did before `st.navigation` (`test_the_entry_runs` covers `app.py` itself).
"""

from dashboard.ui import navigation

navigation.run()

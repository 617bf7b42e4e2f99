"""The yardstick: the page one writes in an afternoon, over the same snapshot, with Streamlit as it comes.

Six numbers, three charts, a table of 500 rows and one filter. Run by benchmarks/servers.py, outside
this project's folder, so that none of its settings apply.
"""

import json
import os
from pathlib import Path

import duckdb
import pandas as pd
import plotly.express as px
import streamlit as st

QUERIES = Path(__file__).parent.parent / "sql"
REGIONS = ["africa", "americas", "arab_states", "asia_and_the_pacific", "europe_and_central_asia", "global"]


@st.cache_resource
def open_snapshot() -> duckdb.DuckDBPyConnection:
    """Open the published snapshot, once."""
    published = Path(os.environ["DASHBOARD_CAMPAIGN"]) / "published"
    named = json.loads((published / "current.json").read_text(encoding="utf-8"))
    return duckdb.connect(str(published / named["snapshot"]), read_only=True)


def ask(question: str) -> pd.DataFrame:
    """Return the answer to one of the baseline's queries."""
    query = (QUERIES / f"baseline_{question}.sql").read_text(encoding="utf-8")
    return open_snapshot().cursor().execute(query, {"as_of": "2021-12-31", "regions": regions or None}).df()


st.set_page_config(layout="wide")
st.title("Actions")
regions = st.sidebar.multiselect("Region", REGIONS, key="filter-region", select_all=False)

for column, (name, number) in zip(st.columns(6), ask("numbers").iloc[0].items(), strict=True):
    column.metric(str(name), f"{number:,}")
st.plotly_chart(px.bar(ask("regions"), x="completion_rate", y="region", orientation="h"))
st.plotly_chart(px.bar(ask("statuses"), x="actions", y="category", color="status", orientation="h"))
st.plotly_chart(px.line(ask("weeks"), x="week", y="completed"))
st.dataframe(ask("table"))

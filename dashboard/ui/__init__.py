"""The pages and their parts: the only modules of `dashboard` that know Streamlit."""

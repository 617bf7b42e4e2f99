"""The commands of `python -m etl`, one module each; `etl.__main__` joins them."""

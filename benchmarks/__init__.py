"""Speed and memory, measured against named baselines; docs/performance.md holds the figures."""

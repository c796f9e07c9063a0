"""How long things may take. By itself, so that the command line knows it without loading what runs notebooks."""

MINUTES = 30
"""Minutes that a notebook, or a format of a report, may take unless `--timeout` says otherwise.

A hundred times what the example's longest takes, so that only what hangs is stopped.
"""

"""The county's report: its totals and townships told with the wording, audit and formats of a township's report."""

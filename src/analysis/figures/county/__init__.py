"""The townships of a county rolled up: totals, rates of the totals, spread, outliers, ranking; one batch in memory at a time."""

"""Every township under a root: one after another, side by side, or on a cluster."""

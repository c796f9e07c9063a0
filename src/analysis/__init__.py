"""The shared module: from the departments' returns to the township's report, a folder a stage."""

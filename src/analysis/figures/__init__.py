"""Stage 2, figures: from the departments' values to exact rates, changes, states and problems."""

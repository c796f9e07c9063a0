"""A report read back from what a run left: its lines, sentences and numbers, and which of two reports' are each other's."""

"""Sentences by kind and state: from an indicator's figures to spans."""

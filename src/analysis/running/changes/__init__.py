"""What changed against an earlier run or final: figures with their causes, sentences, and how things stand."""

from analysis.running.changes.console import as_json, told
from analysis.running.changes.files import Since, changes_against, changes_since, compare, write_page
from analysis.running.changes.model import Changes

__all__ = ["Changes", "Since", "as_json", "changes_against", "changes_since", "compare", "told", "write_page"]

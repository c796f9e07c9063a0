"""A report edited in Word checked back: its numbers against the figures of the run, sentence by sentence."""

from analysis.running.verify.told import told
from analysis.running.verify.verified import KINDS, Change, Origin, Verified, as_json
from analysis.running.verify.verify import find_report, verify

__all__ = ["KINDS", "Change", "Origin", "Verified", "as_json", "find_report", "told", "verify"]

"""Runs that nobody watches: which period is due, a log for each run, who is told, and how many are kept."""

from analysis.running.scheduled.model import Outcome, State, StoppedError, worst
from analysis.running.scheduled.runs import Asked, scheduled

__all__ = ["Asked", "Outcome", "State", "StoppedError", "scheduled", "worst"]

"""`python -m analysis.cli`, where the console command is not on the path."""

from analysis.cli import main

main()

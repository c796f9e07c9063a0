"""What goes wrong: after it the last good report is there, the message says how to go on, and the next run goes on."""

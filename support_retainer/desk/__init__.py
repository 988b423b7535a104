"""The desk: what staff see at the head of a ticket and of a retainer, their timers, and booking time in two clicks."""

"""What `latchkey prove` does: runs the suite of the flow and reports by promise."""

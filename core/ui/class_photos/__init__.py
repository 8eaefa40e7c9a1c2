"""The parts of the page that makes a whole class's portraits."""

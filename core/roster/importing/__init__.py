"""From a file that a school's system exported to a plan of what it changes in the roster."""

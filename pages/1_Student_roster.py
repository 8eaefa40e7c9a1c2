"""Student roster: a class list with portraits."""

from core.ui.page import run_page
from core.ui.roster_page import student_roster

run_page(student_roster, title="Student roster")

"""School settings: what an admin decides for the school, and who changed what."""

from core.accounts.person import Role
from core.ui.page import run_page
from core.ui.school_settings_page import school_settings

run_page(school_settings, title="School settings", roles=frozenset({Role.ADMIN}))

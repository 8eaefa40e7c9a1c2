"""What the page "School settings" is made of, in the order in which it is shown."""

from collections.abc import Callable
from dataclasses import dataclass

from core.accounts.person import Person
from core.bootstrap import App
from core.ui.school_settings.audit import draw_audit
from core.ui.school_settings.budgets import draw_budgets
from core.ui.school_settings.classes import draw_classes
from core.ui.school_settings.limits import draw_limits
from core.ui.school_settings.models import draw_models
from core.ui.school_settings.people import draw_people
from core.ui.school_settings.privacy import draw_privacy


@dataclass(frozen=True)
class Section:
    """`key` stands in the address bar; `draw` puts the section's own heading, texts and forms below the choice."""

    key: str
    label: str
    icon: str
    draw: Callable[[Person, App], None]


SECTIONS: tuple[Section, ...] = (
    Section("people", "People", "group", draw_people),
    Section("classes", "Classes", "school", draw_classes),
    Section("models", "Models", "smart_toy", draw_models),
    Section("limits", "Limits", "speed", draw_limits),
    Section("budgets", "Budgets", "savings", draw_budgets),
    Section("privacy", "What may go to a model", "shield", draw_privacy),
    Section("audit", "Audit log", "history", draw_audit),
)

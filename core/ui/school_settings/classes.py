"""The section "Classes": the school's classes, one of them with its people, or a new school year."""

from core.accounts.person import Person
from core.bootstrap import App
from core.ui.school_settings.classes_address import View, read_classes_address
from core.ui.school_settings.classes_class import draw_class
from core.ui.school_settings.classes_list import draw_list
from core.ui.school_settings.classes_new_year import draw_new_year
from core.ui.school_settings.classes_new_years import draw_new_years
from core.ui.school_settings.classes_without import draw_without


def draw_classes(person: Person, app: App) -> None:
    address = read_classes_address()
    if address.class_id is not None:
        if address.view is View.NEW_YEAR:
            draw_new_year(person, app, address.class_id)
        else:
            draw_class(person, app, address, address.class_id)
    elif address.view is View.NEW_YEAR:
        draw_new_years(person, app, address)
    elif address.view is View.WITHOUT:
        draw_without(person, app, address)
    else:
        draw_list(person, app, address)

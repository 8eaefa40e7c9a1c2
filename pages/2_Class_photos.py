"""Class photos: portraits for a whole class in one go."""

from core.ui.class_photos_page import class_photos
from core.ui.page import run_page

run_page(class_photos, title="Class photos")

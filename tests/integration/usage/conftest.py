"""The studio of the portraits' tests, for calls that are really made."""

from tests.integration.photos.conftest import studio

__all__ = ["studio"]

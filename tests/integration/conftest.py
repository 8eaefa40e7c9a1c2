"""What holds for every test that may reach a provider's stand-in."""

from tests.integration.assistant.proof import nobody_named

__all__ = ["nobody_named"]

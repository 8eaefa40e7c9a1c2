"""The parts of the assistant's page."""

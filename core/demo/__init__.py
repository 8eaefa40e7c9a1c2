"""The demo school and the OpenAI stand-in."""

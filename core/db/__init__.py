"""Embedded server, engine, migrations and table definitions."""

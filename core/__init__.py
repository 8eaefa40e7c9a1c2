"""Staffroom's shared package; docs/architecture.md shows how its parts depend on each other."""

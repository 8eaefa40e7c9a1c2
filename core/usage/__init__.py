"""Prices, ledger, limits and reports."""

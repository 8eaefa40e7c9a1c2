"""What the Usage page asks of the ledger and its rollups."""

"""Matches jobs, photos, files, replies, the queue, batches and the ledger with one another."""

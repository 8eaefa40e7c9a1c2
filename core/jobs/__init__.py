"""The job queue and its worker."""

"""The tables as SQLAlchemy classes; the migrations are the truth and a test compares the two."""

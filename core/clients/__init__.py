"""The only importers of openai, supabase and HTTP packages."""

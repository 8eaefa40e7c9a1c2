"""The pieces of the OpenAI stand-in: reading requests, wording replies, delivering them."""

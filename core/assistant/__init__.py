"""The assistant: what a teacher asks, what may be sent, and what comes back."""

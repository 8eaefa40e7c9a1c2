"""Our own count of tokens, for answers of which the provider gave none."""

import re

from core.clients.openai_chat import ChatRequest

HOW = "by staffroom: words by their length, signs one by one"
PER_MESSAGE = 4
"""Tokens that mark where a message begins and ends, and who says it."""
LETTERS = 6
"""Of a token in English, where most common words are one; what is written in other scripts takes more of them."""
BYTES = 4
"""Of a token in any other script."""
_PIECES = re.compile(r"[^\W\d_]+|\d{1,3}|[^\w\s]|_+|\n+")


def tokens_in(text: str) -> int:
    """About as many as a model's tokenizer would find."""
    return sum(_tokens(piece) for piece in _PIECES.findall(text))


def counted_usage(request: ChatRequest, written: str) -> dict[str, int]:
    """The count in the provider's own form; what a model thought without a word is not in it."""
    prompt = sum(PER_MESSAGE + tokens_in(message.content) for message in request.messages)
    return {"prompt_tokens": prompt, "completion_tokens": max(1, tokens_in(written))}


def _tokens(piece: str) -> int:
    size, per_token = (len(piece), LETTERS) if piece.isascii() else (len(piece.encode()), BYTES)
    return -(-size // per_token)

"""Assistant: questions about one's own classes, answered from their records."""

from core.ui.assistant.sidebar import draw_conversations
from core.ui.assistant_page import assistant
from core.ui.page import run_page

run_page(assistant, title="Assistant", in_sidebar=draw_conversations)

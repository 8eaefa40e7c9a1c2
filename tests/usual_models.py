"""The operator's models as tests have them."""

from core.settings import ReasoningEffort
from core.usage.model_choice import ChatModel, ImageChoice, UsualModels

USUAL = UsualModels(
    ChatModel("gpt-6-luna", ReasoningEffort.NONE), ImageChoice("gpt-image-2.5-flare", "1024x1024", "medium")
)

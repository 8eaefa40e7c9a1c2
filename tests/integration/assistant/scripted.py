"""A stand-in that says word for word, and piece by piece, what a test wants it to."""

from collections.abc import Sequence

from core.demo.openai_stand_in import PaidCall
from core.demo.provider.billing import Bill, BilledKind
from core.demo.provider.chat_replies import DONE, ChatAnswer, events
from core.demo.provider.chat_requests import read_chat_order
from core.demo.provider.wire import Reply, event
from tests.integration.assistant.recorder import RecordingStandIn


class ScriptedStandIn(RecordingStandIn):
    """Answers as the demo does until `pieces` are set; `with_usage` is whether it counts those."""

    pieces: Sequence[str] = ()
    finish_reason: str | None = "stop"
    with_usage: bool = True

    def _chat(self, call: PaidCall) -> Reply:
        if not self.pieces:
            return super()._chat(call)
        order = read_chat_order(call.request)
        answer = ChatAnswer(order, "".join(self.pieces))
        self.ledger.charge(Bill(BilledKind.CHAT, order.model, call.request_id, answer.completion_tokens, None))
        said = [event(_chunk({"content": piece}, None)) for piece in self.pieces]
        usage = [event({"choices": [], "usage": answer.usage})] if self.with_usage else []
        finish = [event(_chunk({}, self.finish_reason))] if self.finish_reason else []
        return self._delivery(call, self.breaks_after_words).of_events(
            [events(answer)[0], *said, *finish, *usage, DONE]
        )


def _chunk(delta: dict[str, str], finish_reason: str | None) -> dict[str, object]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-6-luna", "choices": [choice]}

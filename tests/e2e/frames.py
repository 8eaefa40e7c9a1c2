"""What comes over a page's socket, message by message."""

from dataclasses import dataclass, field

from playwright.sync_api import Page, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass
class Frames:
    """Everything that the server sent since the last `clear`; sizes are before packing."""

    messages: list[ForwardMsg] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """To the page that it opens next."""
        page.once("websocket", self._listen_to)

    def clear(self) -> None:
        self.messages.clear()

    @property
    def deltas(self) -> int:
        return sum(message.WhichOneof("type") == "delta" for message in self.messages)

    @property
    def elements(self) -> int:
        """Those of the deltas that draw something; a fragment's empty frame comes with every run of it."""
        return sum(message.delta.WhichOneof("type") == "new_element" for message in self.messages)

    @property
    def size(self) -> int:
        return sum(message.ByteSize() for message in self.messages)

    @property
    def finished(self) -> int:
        """How many runs ended, of the page or of a fragment."""
        return sum(message.WhichOneof("type") == "script_finished" for message in self.messages)

    def _listen_to(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._keep)

    def _keep(self, payload: str | bytes) -> None:
        self.messages.append(ForwardMsg.FromString(payload if isinstance(payload, bytes) else payload.encode()))

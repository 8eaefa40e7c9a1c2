"""What a browser hears of a fragment that ended just before another one began."""

from collections.abc import Iterator

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from core.ui.fragment_ends import keep_fragment_ends

CARDS, LIVE = "cards", "live"


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = ForwardMsgQueue.clear
    keep_fragment_ends()
    yield
    ForwardMsgQueue.clear = before  # type: ignore[method-assign]  # as the code under test does


def drawn(fragment: str, words: str, place: int = 0) -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path.extend([0, place])
    message.delta.fragment_id = fragment
    message.delta.new_element.markdown.body = words
    return message


def ended(fragment: str) -> ForwardMsg:
    message = ForwardMsg(script_finished=ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
    message.metadata.run.fragment_ids.append(fragment)
    return message


def waiting(*messages: ForwardMsg) -> ForwardMsgQueue:
    queue = ForwardMsgQueue()
    for message in messages:
        queue.enqueue(message)
    return queue


def told(queue: ForwardMsgQueue) -> list[str]:
    return [
        message.delta.new_element.markdown.body
        or ForwardMsg.ScriptFinishedStatus.Name(message.script_finished).removeprefix("FINISHED_")
        for message in queue.flush()
    ]


@pytest.mark.parametrize("next_one", [LIVE, CARDS])
def test_its_end_clears_up_behind_it_whichever_fragment_runs_next(next_one: str) -> None:
    queue = waiting(drawn(CARDS, "three cards"), ended(CARDS))

    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[next_one])
    queue.enqueue(drawn(next_one, "more"))

    assert told(queue) == ["three cards", "FRAGMENT_RUN_SUCCESSFULLY", "more"]


def test_a_run_of_the_whole_page_replaces_what_waits() -> None:
    queue = waiting(drawn(CARDS, "three cards"), ended(CARDS))

    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=None)

    assert told(queue) == ["EARLY_FOR_RERUN"]

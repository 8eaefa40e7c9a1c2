"""The ways from a student's drawer to the Assistant."""

from core.bootstrap import App
from tests.pages.conftest import Demo, Open


def test_the_drawer_leads_to_the_assistant_by_the_id_alone(demo: Demo, open_page: Open) -> None:
    page = open_page("pages/1_Student_roster.py", student=str(demo.ana))

    found = {link.proto.label: f"{link.proto.page}?{link.proto.query_string}" for link in page.get("page_link")}

    assert found["Prepare a meeting"] == found["Ask about this student"] == f"Assistant?about={demo.ana}"


def test_over_a_conversation_the_drawer_leaves_it_for_a_new_one(demo: Demo, open_page: Open, app: App) -> None:
    asked = app.assistant.ask(demo.mei, "/help")
    page = open_page("pages/3_Assistant.py", chat=str(asked.conversation_id), student=str(demo.ana))

    page.button(key="drawer_chat").click().run()

    assert page.query_params["about"] == str(demo.ana)
    assert "chat" not in page.query_params
    assert "student" not in page.query_params

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from core.bootstrap import App
from core.photos.prompt import Style
from core.usage.entered_prices import EnteredPrice
from tests.pages.conftest import Demo, Open

PAGE = "pages/5_School_settings.py"
_CALL = text(
    "insert into openai_usage (school_id, user_id, type, model, job_id, state, cost_source, estimated_cost, feature,"
    " prompt_tokens, completion_tokens)"
    " values (:school, :user, :type, 'any', :job, 'settled', 'reported', 0.01, 'x', :into, :out)"
)


@pytest.fixture(autouse=True)
def _quick_clicks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here clicks follow faster than anybody's."""
    monkeypatch.setattr("core.ui.school_settings.choices_desk._DOUBLE_CLICK_S", 0)


def opened(open_page: Open, **query: str) -> AppTest:
    page = open_page(PAGE, **{"as": "siti", "section": "models", **query})
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    main = page.main
    return "\n".join(one.value for one in (*main.markdown, *main.caption, *main.success, *main.warning, *main.error))


def press(page: AppTest, label: str) -> AppTest:
    button = next(one for one in page.main.button if one.label == label)
    assert not button.disabled
    button.click().run()
    assert not page.exception
    return page


def select(page: AppTest, label: str, value: object) -> AppTest:
    next(one for one in page.main.selectbox if one.label == label).select(value).run()
    assert not page.exception
    return page


def use(owner: Connection, demo: Demo, many: int, kind: str, **tokens: int | None) -> None:
    values = {"school": demo.siti.school_id, "user": demo.mei.staff_id, "type": kind, "into": None, "out": None}
    for _ in range(many):
        owner.execute(_CALL, {**values, "job": uuid4(), **tokens})


def test_a_choice_shows_its_month_next_to_the_present_one_and_holds_at_once(
    open_page: Open, owner: Connection, demo: Demo, app: App
) -> None:
    use(owner, demo, 20, "chat", into=2000, out=300)
    use(owner, demo, 10, "batch_image")
    page = opened(open_page)

    assert "20 messages of about 2,000 tokens in and 300 out, 10 portraits." in said(page)
    assert r"Now **gpt-6-luna, thinking: none**, about \$0.007 a month · the operator's choice" in said(page)
    assert r"Now **gpt-image-2.5-flare, medium, 1024 × 1024**, about \$0.13 a month · the operator's choice" in said(
        page
    )
    select(page, "Model for answers", "gpt-6.1-terra")
    assert r"About \$0.07 a month, \$0.063 more than now." in said(page)
    press(page, "Use gpt-6.1-terra for answers")
    assert "gpt-6.1-terra writes from the next question on." in said(page)
    press(page, "Use gpt-6.1-terra for answers")
    assert "Nothing was changed. gpt-6.1-terra writes already." in said(page)

    select(page, "Model for portraits", "gpt-image-2")
    assert r"About \$0.53 a month, \$0.40 more than now. One portrait costs about \$0.053." in said(page)
    press(page, "Use gpt-image-2 for portraits")
    assert app.photos.offer(demo.mei).choice.model == "gpt-image-2"
    press(page, "Back to the operator's choice")
    press(page, "Back to the operator's choice")
    assert "Back to the operator's choice" not in [one.label for one in page.main.button]


def test_without_any_use_the_months_are_an_example(open_page: Open) -> None:
    page = opened(open_page)

    assert "an example month: 6,000 messages of about 1,000 tokens in and 175 out, 55 portraits" in said(page)
    assert r"about \$1.12 a month" in said(page)


def test_what_has_no_price_can_be_chosen_once_one_is_entered(open_page: Open, demo: Demo, app: App) -> None:
    page = opened(open_page)
    select(page, "Model for portraits", "gpt-image-2.6-flare")
    assert "No price is known. Enter it below first" in said(page)
    assert next(one for one in page.main.button if one.label == "Use gpt-image-2.6-flare for portraits").disabled

    typed = EnteredPrice(
        model="gpt-image-2.6-flare", quality="medium", image_usd=Decimal("0.04"), source="our invoice of October"
    )
    app.administration.models.enter_price(demo.siti, typed)
    page.run()
    assert r"\$0.04 an image at quality medium" in said(page)
    press(page, "Use gpt-image-2.6-flare for portraits")
    assert app.photos.offer(demo.mei).cost_usd == Decimal("0.04")

    press(page, "Remove price")
    assert "gpt-image-2.6-flare is in use. Choose another model first." in said(page)


def test_a_price_is_typed_in_and_what_can_not_be_one_stays_as_typed(open_page: Open, demo: Demo, app: App) -> None:
    page = opened(open_page)

    def fill(label: str, value: str) -> None:
        next(one for one in page.main.text_input if one.label == label).set_value(value)

    fill("Model, as its provider spells it", "llama-4")

    def price(label: str, value: float) -> None:
        figure = next(one for one in page.main.number_input if one.label == label)
        # With bounds the browser would turn it red and send nothing.
        assert (figure.min, figure.max) == (None, None)
        figure.set_value(value)

    price("In", 0.5)
    price("Out", 1.25)
    press(page, "Save price")
    assert "Say where the price was read" in said(page)

    fill("Where the price was read", "the provider's page")
    price("Out", -1.0)
    press(page, "Save price")
    assert "The price of tokens out must be from 0 to 10000 US dollars." in said(page)

    price("Out", 1.25)
    press(page, "Save price")
    assert "Saved. llama-4 can be chosen now." in said(page)
    assert r"\$0.50 in, \$0.50 in from the cache, \$1.25 out, for 1M tokens" in said(page)
    assert app.administration.models.view(demo.siti, datetime.now(UTC)).chat_option("llama-4").may_be_chosen


@pytest.mark.parametrize("environment", [{"CHAT_MODEL": "gpt-5-mini", "CHAT_REASONING_EFFORT": "low"}])
def test_a_model_that_ends_is_warned_of_with_its_successor(open_page: Open) -> None:
    page = opened(open_page)

    assert "**gpt-5-mini** stop" in said(page)
    assert "11 Dec 2026" in said(page)
    assert "Its successor is **gpt-6-luna**." in said(page)


def test_the_school_s_style_and_uniform_hold_for_its_portraits(
    open_page: Open, demo: Demo, app: App, owner: Connection
) -> None:
    page = opened(open_page)
    style = next(one for one in page.main.button_group if one.label == "Style that is offered first")
    style.set_value(Style.ILLUSTRATED)
    next(one for one in page.main.text_input if one.label == "Uniform").set_value("white shirt")
    press(page, "Save how portraits look")
    assert "It holds from the next portrait on." in said(page)

    app.photos.request(demo.mei, demo.ana)
    assert owner.scalar(text("select options ->> 'style' from photo_jobs")) == "illustrated"
    assert owner.scalar(text("select settings ->> 'uniform' from schools")) == "white shirt"
